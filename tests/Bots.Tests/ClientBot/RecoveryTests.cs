using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class RecoveryTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_moves_to_a_new_account_with_the_same_phone_number()
    {
        const string Phone = "+79169990001";
        var lost = await app.Registered(await app.Sandbox.GivenPerson(phone: Phone));
        var user = await app.UserOf(lost);
        var now = await app.Sandbox.GivenPerson(phone: Phone);
        var chat = now.With(TelegramApp.GuestBot);

        await chat.Says("/start");
        await chat.Presses("У меня была карта в другом аккаунте");
        await chat.Sees("Поищем вашу карту");
        await chat.Says(Phone);
        await chat.Sees("Нажмите кнопку внизу: так мы будем знать");
        await chat.SharesContactOf("Мама", Phone);
        await chat.Sees("Это чужой контакт");
        await chat.SharesContact();

        await chat.Sees("Нашлась! С возвращением, Анна Смирнова.");
        await chat.Sees("Уровень: «Стандарт»");
        (await app.UserOf(now)).ShouldBe(user);
        // The former chat gets a message, and its owner is not registered any more.
        await lost.With(TelegramApp.GuestBot).Sees("Вашу карту и баллы перенесли в другой аккаунт Telegram");
        await IsNotRegistered(lost.With(TelegramApp.GuestBot));
    }

    [Fact]
    public async Task A_card_moves_to_a_new_account_by_its_confirmed_e_mail_address()
    {
        var lost = await app.GivenRegisteredPerson();
        var (user, address) = (await app.UserOf(lost), $"anna.{lost.Id}@example.com");
        var settings = lost.With(TelegramApp.GuestBot);
        await settings.Says("/settings");
        await settings.Presses("Почта");
        await settings.Sees("Какой у вас адрес почты?");
        await settings.Says(address);
        await settings.Sees("Мы отправили код из шести цифр");
        await settings.Says(await app.Sandbox.CodeMailedTo(address));
        await settings.Sees($"Почта: {address}");

        var now = await app.GivenPerson();
        var chat = now.With(TelegramApp.GuestBot);
        await chat.Says("/card");
        await chat.Presses("У меня была карта в другом аккаунте");
        await chat.Sees("Поищем вашу карту");
        await chat.Says("✉️ По почте");
        await chat.Sees("Какой адрес почты был у вас");
        await chat.Says("nobody@example.com");
        await chat.Sees("Мы отправили код из шести цифр");
        await chat.Says(await app.Sandbox.CodeMailedTo("nobody@example.com"));
        await chat.Sees("Карты с такой почтой нет");
        await chat.Says(address);
        await chat.Sees("Мы отправили код из шести цифр", times: 2);
        await chat.Says(await app.Sandbox.CodeMailedTo(address, letters: 2));

        await chat.Sees("Нашлась! С возвращением, Анна Смирнова.");
        // What the person asked for before the recovery.
        await chat.Sees("Номер карты: MNT-");
        (await app.UserOf(now)).ShouldBe(user);
        await IsNotRegistered(settings);
    }

    [Fact]
    public async Task A_recovery_that_finds_nothing_by_phone_offers_e_mail_and_registration()
    {
        var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/start");
        await chat.Presses("У меня была карта в другом аккаунте");
        await chat.Sees("Поищем вашу карту");

        await chat.SharesContact();
        await chat.Sees("Карты с этим номером нет");
        await chat.Says("✉️ По почте");
        await chat.Sees("Какой адрес почты был у вас");
        await chat.Says("Зарегистрироваться заново");

        await chat.Sees("На каком языке", times: 2);
    }

    [Fact]
    public async Task A_failed_recovery_returns_to_the_unfinished_registration_and_keeps_its_referral()
    {
        var friend = await app.GivenRegisteredPerson();
        var friendId = await app.UserOf(friend);
        var code = await app.Database.Scalar<string>("select referral_code from users.users where id = $1", Ct, friendId.Value);
        var person = await app.GivenPerson();
        var (chat, address) = (person.With(TelegramApp.GuestBot), $"nothing.{person.Id}@example.com");
        await chat.Says($"/start ref_{code}");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await chat.Says("Пётр");
        await chat.Sees("Ваш номер телефона?");

        await chat.Says("У меня была карта в другом аккаунте");
        await chat.Sees("Поищем вашу карту");
        await chat.SharesContact();
        await chat.Sees("Карты с этим номером нет");
        await chat.Says("✉️ По почте");
        await chat.Sees("Какой адрес почты был у вас");
        await chat.Says(address);
        await chat.Sees("Мы отправили код из шести цифр");
        await chat.Says(await app.Sandbox.CodeMailedTo(address));
        await chat.Sees("Карты с такой почтой нет");
        await chat.Says("Зарегистрироваться заново");
        await chat.Sees("Ваш номер телефона?", times: 2);
        await chat.SharesContact();
        await chat.Sees("день рождения");
        await chat.Says("Пропустить");
        await chat.Sees("городе");
        await chat.Says("Пропустить");
        await chat.Sees("Готово, Пётр!");

        var user = await app.UserOf(person);
        (await app.Database.Scalar<long>("select referral_user_id from users.acquisition_channels where user_id = $1", Ct, user.Value))
            .ShouldBe(friendId.Value);
    }

    /// <summary>The former account is not registered any more, as soon as its token is revoked.</summary>
    private static Task IsNotRegistered(SandboxChat former) => Eventually.Passes(async () =>
    {
        await former.Says("/profile");
        (await former.Count("На каком языке")).ShouldBeGreaterThan(0);
    }, Ct);
}
