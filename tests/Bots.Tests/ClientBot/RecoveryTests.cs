using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class RecoveryTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_of_a_lost_account_moves_to_the_new_one_by_the_phone_that_both_have()
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
        // Whoever has the old account hears of it, and is a stranger there.
        await lost.With(TelegramApp.GuestBot).Sees("Вашу карту и баллы перенесли в другой аккаунт Telegram");
        await lost.With(TelegramApp.GuestBot).Says("/profile");
        await lost.With(TelegramApp.GuestBot).Sees("На каком языке");
    }

    [Fact]
    public async Task Or_by_the_e_mail_address_that_stood_in_the_settings()
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
        // What he had asked for when he was taken for a stranger.
        await chat.Sees("Номер карты: MNT-");
        (await app.UserOf(now)).ShouldBe(user);
        // Whoever has the old account is somebody new, as soon as its token is heard to be good no more.
        await Eventually.Passes(async () =>
        {
            await settings.Says("/profile");
            (await settings.Count("На каком языке")).ShouldBeGreaterThan(0);
        }, Ct);
    }

    [Fact]
    public async Task Where_nothing_is_found_by_phone_e_mail_is_offered_and_registering_anew()
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
    public async Task The_card_may_be_remembered_as_late_as_at_the_question_for_the_phone_and_whoever_has_none_goes_on_there_as_his_friends_guest()
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
        (await app.Database.Scalar<long>("select referral_user_id from users.acquisition_channels where user_id = $1", Ct, user.Value)).ShouldBe(friendId.Value);
    }
}
