using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class SettingsTests(SharedTelegramApp app)
{
    private static readonly string[] InvalidAddresses = ["anna", "@", "anna@", "a b@example.com", "a@b@c"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Settings_show_the_guests_personal_data()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);

        await chat.Says("⚙️ Настройки");

        var settings = await chat.Sees("Настройки\n\nИмя: Анна Смирнова\nГород: Казань\nДень рождения: не указано\nТелефон: +7916");
        settings.ShouldEndWith(" ✓ подтверждён\nПочта: не указано");
    }

    [Fact]
    public async Task Name_city_and_birthday_can_be_changed_and_the_last_two_removed()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/settings");

        await chat.Presses("Имя");
        await chat.Sees("Как вас зовут?", times: 2);
        await chat.Says("12345");
        await chat.Sees("Напишите, пожалуйста, имя");
        await chat.Says("Анна Петрова");
        await chat.Sees("Имя: Анна Петрова");
        await chat.Presses("Город");
        await chat.Sees("В каком городе", times: 2);
        await chat.Says("!!!");
        await chat.Sees("Напишите, пожалуйста, город");
        await chat.Says("Уфа");
        await chat.Sees("Город: Уфа");
        await chat.Presses("День рождения");
        await chat.Sees("Когда у вас день рождения?", times: 2);
        await chat.Says("31.02.1990");
        await chat.Sees("Такого дня нет: 31 февраля 1990");
        await chat.Says("вчера");
        (await chat.Sees("Не понял дату")).ShouldEndWith("уберите кнопкой «Убрать».");
        await chat.Says("1.1.1990");
        await chat.Sees("День рождения: 01.01.1990");
        (await Row(person)).ShouldBe("Анна Петрова|Уфа|1990-01-01|ru");

        await chat.Presses("Город");
        await chat.Sees("В каком городе", times: 3);
        await chat.Says("Убрать");
        await chat.Sees("Город: не указано");
        await chat.Presses("День рождения");
        await chat.Sees("Когда у вас день рождения?", times: 3);
        await chat.Says("Убрать");
        await chat.Sees("Сохранено.", times: 5);
        await Eventually.Get(() => Row(person), row => row == "Анна Петрова|||ru", Ct);
    }

    [Fact]
    public async Task A_changed_language_applies_to_all_later_messages()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/language");
        await chat.Presses("🇬🇧 English");
        await chat.Sees("Saved.");
        await chat.Says("⚙️ Settings");

        await chat.Sees("Settings\n\nName: Анна Смирнова");
        (await Row(person)).ShouldBe("Анна Смирнова|Казань||en");
    }

    [Fact]
    public async Task A_new_phone_number_is_verified_by_the_guests_own_contact_only()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/settings");

        await chat.Presses("Телефон");
        await chat.Sees("Ваш номер телефона?", times: 2);
        await chat.SharesContactOf("Мама", "+79160000001");
        await chat.Sees("Это чужой контакт");
        await chat.Says("1234567");
        await chat.Sees("Не похоже на личный номер");
        await chat.Says("+44 20 7946 0958");
        await chat.Sees("Телефон: +442079460958 (не подтверждён)");
        await chat.Sees("Номер пока не подтверждён");
        await chat.Presses("Телефон");
        await chat.Sees("Ваш номер телефона?", times: 3);
        await chat.SharesContact();

        await chat.Sees(" ✓ подтверждён");
        await Eventually.IsTrue(() => app.Database.Scalar<bool>(
            "select phone_verified_at is not null from users.users where telegram_id = $1", Ct, person.Id.Value), Ct);
    }

    [Fact]
    public async Task A_settings_question_can_be_cancelled()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/settings");

        await chat.Presses("Имя");
        await chat.Sees("Как вас зовут?", times: 2);
        await chat.Says("✖️ Отмена");

        await chat.Sees("Ничего не изменилось.");
        await chat.Says("Пётр");
        await chat.Sees("Не понял вас.");
    }

    [Theory]
    [InlineData("/code", "Ваш код:")]
    [InlineData("/card", "Номер карты:")]
    [InlineData("/profile", "Уровень: «Стандарт»")]
    [InlineData("/data", "Вы можете получить свои данные файлом")]
    public async Task A_settings_question_is_dropped_by_any_other_command(string command, string answer)
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/settings");
        await chat.Presses("Имя");
        await chat.Sees("Как вас зовут?", times: 2);

        await chat.Says(command);
        await chat.Sees(answer);
        await chat.Says("Пётр");

        await chat.Sees("Не понял вас.");
        (await Row(person)).ShouldBe("Анна Смирнова|Казань||ru");
    }

    [Fact]
    public async Task An_invalid_e_mail_address_is_asked_for_again()
    {
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/settings");

        await chat.Presses("Почта");
        await chat.Sees("Какой у вас адрес почты?");
        foreach (var (before, address) in InvalidAddresses.Index())
        {
            await chat.Says(address);
            await chat.Sees("Не похоже на адрес", times: before + 1);
        }
    }

    [Fact]
    public async Task An_e_mail_address_is_saved_once_its_code_is_typed_and_belongs_to_one_card()
    {
        var (person, other) = (await app.GivenRegisteredPerson(), await app.GivenRegisteredPerson());
        var address = $"anna.{person.Id}@example.com";
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/settings");

        await chat.Presses("Почта");
        await chat.Sees("Какой у вас адрес почты?");
        await chat.Says(address);
        await chat.Sees($"Мы отправили код из шести цифр на {address}");
        var code = await app.Sandbox.CodeMailedTo(address);
        await chat.Says("12");
        await chat.Sees("Это не код из последнего письма");
        await chat.Says(code == "111111" ? "222222" : "111111");
        await chat.Sees("Это не код из последнего письма", times: 2);
        await chat.Says(address);
        await chat.Sees("Мы отправили код из шести цифр", times: 2);
        var newer = await app.Sandbox.CodeMailedTo(address, letters: 2);
        await chat.Says($"{newer[..3]} {newer[3..]}");
        await chat.Sees($"Почта: {address}");

        var others = other.With(TelegramApp.GuestBot);
        await others.Says("/settings");
        await others.Presses("Почта");
        await others.Sees("Какой у вас адрес почты?");
        await others.Says(address);
        await others.Sees("Мы отправили код из шести цифр");
        await others.Says(await app.Sandbox.CodeMailedTo(address, letters: 3));
        await others.Sees("Этот адрес указан в другой карте");
    }

    [Fact]
    public async Task A_doubtful_birthday_needs_confirmation_and_can_be_corrected()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/settings");
        await chat.Presses("День рождения");
        await chat.Sees("Когда у вас день рождения?", times: 2);

        await chat.Says("12/3/94");
        await chat.Sees("12 марта 1994 — всё верно?");
        await chat.Says("Нет, исправить");
        await chat.Sees("Когда у вас день рождения?", times: 3);
        await chat.Says("3/12/94");
        await chat.Sees("3 декабря 1994 — всё верно?");
        await chat.Says("да верно");

        await chat.Sees("День рождения: 03.12.1994");
        (await Row(person)).ShouldBe("Анна Смирнова|Казань|1994-12-03|ru");
    }

    private Task<string?> Row(SandboxPerson person) => app.Database.Scalar<string>(
        "select concat_ws('|', full_name, coalesce(city, ''), coalesce(birth_date::text, ''), language) from users.users where telegram_id = $1", Ct, person.Id.Value);
}
