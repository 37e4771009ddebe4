using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class RegistrationTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_registration_in_Russian_stores_every_answer_and_the_consent()
    {
        var person = await app.GivenPerson("Анна", "Смирнова");
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/start");
        await chat.Sees("На каком языке");
        await chat.Presses("🇷🇺 Русский");
        await chat.Sees("Хорошо, говорим по-русски");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await chat.Says("Анна Смирнова");
        await chat.Sees("Ваш номер телефона?");
        await chat.SharesContact();
        await chat.Sees("Когда у вас день рождения?");
        await chat.Says("12 марта 1994 г.");
        await chat.Sees("Ваш день рождения: 12 марта 1994.");
        await chat.Sees("В каком городе");
        await chat.Says("Казань");
        (await chat.Sees("Готово, Анна Смирнова!")).ShouldContain("За каждые 100 ₽ вы получаете 1 балл");

        var row = await Row(person);
        row.ShouldBe("Анна Смирнова|Казань|1994-03-12|ru|verified|client-bot|True");
    }

    [Fact]
    public async Task A_registration_in_English_succeeds_without_the_optional_answers()
    {
        var person = await app.GivenPerson("John", "Miller", "en");
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/start");
        await chat.Presses("🇬🇧 English");
        await chat.Presses("I agree");
        await chat.Sees("What is your name?");
        await chat.Says("John Miller");
        await chat.Sees("What is your phone number?");
        await chat.Says("+44 20 7946 0958");
        await chat.Sees("Your number: +44 20 7946 0958.");
        await chat.Sees("When is your birthday?");
        await chat.Says("Skip");
        await chat.Sees("Which city");
        await chat.Says("Skip");
        await chat.Sees("All set, John Miller!");

        (await Row(person)).ShouldBe("John Miller|||en|typed|client-bot|True");
    }

    [Fact]
    public async Task Declining_the_consent_stores_nothing_and_can_be_changed()
    {
        var person = await app.GivenPerson();
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Не даю согласия");
        await chat.Sees("Без согласия мы ничего о вас не сохраним");
        (await app.Database.Scalar<long>("select count(*) from users.users where telegram_id = $1", Ct, person.Id.Value)).ShouldBe(0);

        // Another request repeats this question, and does not start over with the language.
        await chat.Says("/profile");
        await chat.Sees("Без согласия мы ничего о вас не сохраним", times: 2);
        await chat.Presses("Зарегистрироваться");
        await chat.Sees("нам нужно ваше согласие", times: 2);
        // Its message was replaced by the chosen language.
        (await chat.Count("На каком языке")).ShouldBe(0);
    }

    [Fact]
    public async Task An_invalid_answer_in_a_registration_is_asked_for_again()
    {
        var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");

        await chat.Says("12345");
        await chat.Sees("Напишите, пожалуйста, имя");
        await chat.Says("Анна");
        await chat.Sees("Ваш номер телефона?");
        await chat.Says("не скажу");
        await chat.Sees("Не похоже на личный номер");
        await chat.SharesContactOf("Мама", "+79160000001");
        await chat.Sees("Это чужой контакт");
        await chat.SharesContact();
        await chat.Sees("Когда у вас день рождения?");
        await chat.Says("не помню");
        await chat.Sees("Не понял дату");
        await chat.Says("31.02.1990");
        await chat.Sees("Такого дня нет: 31 февраля 1990");
        await chat.Says("01.01.2990");
        await chat.Sees("1 января 2990 ещё не наступило");
        await chat.Says("01.01.2025");
        await chat.Sees("Вы родились 1 января 2025?");
        await chat.Says("01.01.1850");
        await chat.Sees("1850 год — слишком давно");
        await chat.Says("1.1.1990");
        await chat.Sees("В каком городе");
        await chat.Says("!!!");
        await chat.Sees("Напишите, пожалуйста, город");
        await chat.Says("Казань");
        await chat.Sees("Готово, Анна!");
    }

    [Theory]
    [InlineData("1234567")]
    [InlineData("89991112233x")]
    [InlineData("+1 202 555 0143 ext 5")]
    [InlineData("8-800-555-35-35")]
    public async Task An_invalid_phone_number_is_refused_at_once_and_earlier_answers_stay(string phone)
    {
        var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await chat.Says("Анна");
        await chat.Sees("Ваш номер телефона?");

        await chat.Says(phone);
        await chat.Sees("Не похоже на личный номер");
        await chat.SharesContact();

        await chat.Sees("Когда у вас день рождения?");
        (await chat.Count("Как вас зовут?")).ShouldBe(1);
    }

    [Fact]
    public async Task A_phone_number_typed_in_national_format_is_shown_in_full()
    {
        var person = await app.GivenPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await chat.Says("Анна");
        await chat.Sees("Ваш номер телефона?");

        await chat.Says("8 (999) 123-45-67");

        await chat.Sees("Ваш номер: +7 999 123-45-67.");
    }

    [Theory]
    [InlineData("87172123456", "+77172123456")]
    [InlineData("89991234567", "+79991234567")]
    public async Task A_contact_in_national_format_is_stored_in_full_and_verified(string contact, string phone)
    {
        var person = await app.Sandbox.GivenPerson(phone: contact);
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await TelegramApp.CompletesRegistration(chat, "Анна");
        await chat.Sees("Готово, Анна!");

        (await app.Database.Scalar<string>(
            "select phone || case when phone_verified_at is null then '' else ' verified' end from users.users where telegram_id = $1", Ct, person.Id.Value))
            .ShouldBe($"{phone} verified");
    }

    [Fact]
    public async Task A_Telegram_name_in_decorative_letters_is_offered_and_accepted()
    {
        var person = await app.GivenPerson("𝓐𝓷𝓷𝓪", "");
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("нажмите кнопку с вашим именем из Telegram");

        await chat.Says("𝓐𝓷𝓷𝓪");

        await chat.Sees("Ваш номер телефона?");
    }

    [Fact]
    public async Task An_invalid_Telegram_name_is_not_offered_and_an_invisible_name_is_refused()
    {
        var chat = (await app.GivenPerson("🎉", "")).With(TelegramApp.GuestBot);
        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");

        (await chat.Sees("Как вас зовут?")).ShouldBe("Как вас зовут?");
        await chat.Says("\u3164");

        await chat.Sees("Напишите, пожалуйста, имя");
    }

    [Fact]
    public async Task An_interrupted_registration_repeats_its_question_and_ignores_the_interruption()
    {
        var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await chat.Says("Анна");
        await chat.Sees("Ваш номер телефона?");

        await chat.Says("/profile");
        await chat.Sees("Давайте сначала закончим регистрацию.");
        await chat.Sees("Ваш номер телефона?", times: 2);
        await chat.Says("/help");
        await chat.Sees("Ваш номер телефона?", times: 3);
        await chat.Says("отмена");
        await chat.Sees("Ваш номер телефона?", times: 4);
        await chat.SharesContact();
        await chat.Sees("день рождения");
        await chat.Says("пропустить");
        await chat.Sees("В каком городе");
        await chat.Says("Пропустить");

        await chat.Sees("Готово, Анна!");
        await chat.Says("Спасибо");
        await chat.Sees("Пожалуйста!");
        (await chat.Count("Уровень:")).ShouldBe(0);
    }

    [Fact]
    public async Task A_registration_continues_in_the_new_language_after_a_change()
    {
        var person = await app.GivenPerson("Liam", "O'Neil");
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await chat.Says("Liam O'Neil");
        await chat.Sees("Ваш номер телефона?");

        await chat.Says("/language");
        await chat.Sees("Which language do you prefer?");
        await chat.Says("english");
        await chat.Sees("What is your phone number?");
        await chat.SharesContact();
        await chat.Sees("When is your birthday?");
        await chat.Says("Skip");
        await chat.Sees("Which city");
        await chat.Says("Skip");

        await chat.Sees("All set, Liam O'Neil!");
        (await Row(person)).ShouldBe("Liam O'Neil|||en|verified|client-bot|True");
        await chat.Says("thanks");
        await chat.Sees("You’re welcome!");
        (await chat.Count("Which language do you prefer?")).ShouldBe(1);
    }

    [Fact]
    public async Task A_registration_repeats_its_question_with_buttons_after_an_unknown_answer()
    {
        var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/start");
        await chat.Sees("На каком языке");

        await chat.Says("йцукен");
        await chat.Sees("На каком языке", times: 2);
        await chat.Presses("🇷🇺 Русский");
        await chat.Sees("нам нужно ваше согласие");
        await chat.Says("что?");
        await chat.Sees("нам нужно ваше согласие", times: 2);
        await chat.Says("даю согласие");

        await chat.Sees("Как вас зовут?");
    }

    [Theory]
    [InlineData("Instagram_Ads", "instagram_ads")]
    [InlineData("spring-2026", "spring-2026")]
    [InlineData("кофе", "other-link")]
    [InlineData("ref_", "other-link")]
    public async Task A_start_link_sets_the_channel_in_any_letter_case(string link, string channel)
    {
        var person = await app.GivenPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says($"/start {link}");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await TelegramApp.CompletesRegistration(chat, "Анна");
        await chat.Sees("Готово, Анна!");

        (await app.Database.Scalar<string>(
            "select channel from users.acquisition_channels where user_id = $1", Ct, (await app.UserOf(person)).Value)).ShouldBe(channel);
    }

    [Theory]
    [InlineData("REF_", false)]
    [InlineData("ref_", true)]
    public async Task A_referral_link_works_in_any_letter_case(string prefix, bool lower)
    {
        var friendId = await app.UserOf(await app.GivenRegisteredPerson());
        var code = (await app.Database.Scalar<string>("select referral_code from users.users where id = $1", Ct, friendId.Value))!;
        var invited = await app.GivenPerson("Пётр", "Новый");
        var chat = invited.With(TelegramApp.GuestBot);

        await chat.Says($"/start {prefix}{(lower ? code.ToLowerInvariant() : code)}");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await TelegramApp.CompletesRegistration(chat, "Пётр");
        await chat.Sees("Готово, Пётр!");

        var invitedId = await app.UserOf(invited);
        (await app.Database.Scalar<long>("select referral_user_id from users.acquisition_channels where user_id = $1", Ct, invitedId.Value))
            .ShouldBe(friendId.Value);
    }

    [Fact]
    public async Task An_unregistered_person_who_asks_for_a_code_gets_it_after_registering()
    {
        var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);

        await chat.Says("/code");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await TelegramApp.CompletesRegistration(chat, "Анна");

        await chat.Sees("Готово, Анна!");
        await chat.Sees("Ваш код:");
    }

    [Fact]
    public async Task A_referral_survives_interruptions_of_the_registration()
    {
        var friendId = await app.UserOf(await app.GivenRegisteredPerson());
        var code = await app.Database.Scalar<string>("select referral_code from users.users where id = $1", Ct, friendId.Value);
        var invited = await app.GivenPerson("Пётр", "Новый");
        var chat = invited.With(TelegramApp.GuestBot);

        await chat.Says($"/start ref_{code}");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await chat.Says("/code");
        await chat.Sees("Как вас зовут?", times: 2);
        await chat.Says("/start");
        await chat.Sees("На каком языке");
        await chat.Presses("🇷🇺 Русский");
        await chat.Sees("Хорошо, говорим по-русски", times: 2);
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?", times: 3);
        await TelegramApp.CompletesRegistration(chat, "Пётр");

        await chat.Sees("Готово, Пётр!");
        var invitedId = await app.UserOf(invited);
        (await app.Database.Scalar<long>("select referral_user_id from users.acquisition_channels where user_id = $1", Ct, invitedId.Value))
            .ShouldBe(friendId.Value);
    }

    [Fact]
    public async Task Starting_the_bot_again_greets_a_guest_by_name()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/start");

        await chat.Sees("Здравствуйте, Анна Смирнова!");
        (await app.Database.Scalar<long>("select count(*) from users.users where telegram_id = $1", Ct, person.Id.Value)).ShouldBe(1);
    }

    [Fact]
    public async Task Pressing_a_registration_button_repeatedly_counts_once()
    {
        var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/start");
        await chat.PressesAtOnce("🇷🇺 Русский", times: 3);
        await chat.PressesAtOnce("Даю согласие", times: 3);

        await chat.Sees("Как вас зовут?");
        await chat.Says("Анна");
        await chat.Sees("Ваш номер телефона?");
        (await chat.Count("Как вас зовут?")).ShouldBe(1);
    }

    [Fact]
    public async Task Starting_the_bot_registers_the_chat_with_the_notifications()
    {
        var person = await app.GivenPerson();

        await person.With(TelegramApp.GuestBot).Says("/start");

        await Eventually.Get(
            () => app.Database.Scalar<long>("select count(*) from notifications.chats where bot = 'client' and telegram_id = $1", Ct,
                person.Id.Value), chats => chats == 1, Ct);
    }

    private Task<string?> Row(SandboxPerson person) => app.Database.Scalar<string>(
        """
        select concat_ws('|', full_name, coalesce(city, ''), coalesce(birth_date::text, ''), language,
            case when phone_verified_at is null then 'typed' else 'verified' end, consent_through,
            initcap((consent_personal_data and consent_text is not null)::text))
        from users.users where telegram_id = $1
        """,
        Ct, person.Id.Value);
}
