using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class RegistrationTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_registers_in_Russian_and_what_he_said_is_kept_with_his_consent()
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
        await chat.Says("12.03.1994");
        await chat.Sees("В каком городе");
        await chat.Says("Казань");
        await chat.Sees("Готово, Анна Смирнова!");

        var row = await Row(person);
        row.ShouldBe("Анна Смирнова|Казань|1994-03-12|ru|verified|client-bot|True");
    }

    [Fact]
    public async Task In_English_with_everything_skipped_that_may_be()
    {
        var person = await app.GivenPerson("John", "Miller", "en");
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/start");
        await chat.Presses("🇬🇧 English");
        await chat.Presses("I agree");
        await chat.Sees("What is your name?");
        await chat.Says("John Miller");
        await chat.Sees("Your phone number?");
        await chat.Says("+44 20 7946 0958");
        await chat.Sees("When is your birthday?");
        await chat.Says("Skip");
        await chat.Sees("Which city");
        await chat.Says("Skip");
        await chat.Sees("Done, John Miller!");

        (await Row(person)).ShouldBe("John Miller|||en|typed|client-bot|True");
    }

    [Fact]
    public async Task Whoever_declines_leaves_no_trace_among_the_people_and_may_think_better_of_it()
    {
        var person = await app.GivenPerson();
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Не даю согласия");
        await chat.Sees("Без согласия я ничего о вас не сохраню");
        (await app.Database.Scalar<long>("select count(*) from users.users where telegram_id = $1", Ct, person.Id.Value)).ShouldBe(0);

        await chat.Presses("Зарегистрироваться");
        await chat.Sees("На каком языке");
    }

    [Fact]
    public async Task Answers_that_cannot_be_are_asked_for_again()
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
        await chat.Sees("Не похоже на номер");
        await chat.SharesContactOf("Мама", "+79160000001");
        await chat.Sees("Это чужой контакт");
        await chat.SharesContact();
        await chat.Sees("Когда у вас день рождения?");
        await chat.Says("31.02.1990");
        await chat.Sees("Не понимаю дату");
        await chat.Says("01.01.2990");
        await chat.Sees("Не понимаю дату", times: 2);
        await chat.Says("1.1.1990");
        await chat.Sees("В каком городе");
        await chat.Says("!!!");
        await chat.Sees("Напишите, пожалуйста, город");
        await chat.Says("Казань");
        await chat.Sees("Готово, Анна!");
    }

    [Fact]
    public async Task A_number_that_only_looks_like_one_is_asked_for_again_when_the_service_refuses_it()
    {
        var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);
        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await chat.Says("Анна");
        await chat.Sees("Ваш номер телефона?");
        await chat.Says("1234567");
        await chat.Sees("Когда у вас день рождения?");
        await chat.Says("Пропустить");
        await chat.Sees("В каком городе");
        await chat.Says("Пропустить");

        await chat.Sees("Не похоже на номер");
        await chat.SharesContact();
        await chat.Sees("Когда у вас день рождения?", times: 2);
    }

    [Fact]
    public async Task Whoever_asks_for_a_code_before_he_is_known_registers_and_gets_the_code()
    {
        var chat = (await app.GivenPerson()).With(TelegramApp.GuestBot);

        await chat.Says("/code");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await TelegramApp.GivesHisName(chat, "Анна");

        await chat.Sees("Готово, Анна!");
        await chat.Sees("Ваш код:");
    }

    [Fact]
    public async Task A_friends_link_tells_who_has_invited_him()
    {
        var friend = await app.GivenRegisteredPerson();
        var friendId = await app.UserOf(friend);
        var profile = friend.With(TelegramApp.GuestBot);
        await profile.Says("/profile");
        var link = (await profile.Sees("Пригласите друга")).Split("?start=")[1].Trim();

        var invited = await app.GivenPerson("Пётр", "Новый");
        var chat = invited.With(TelegramApp.GuestBot);
        await chat.Says($"/start {link}");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await TelegramApp.GivesHisName(chat, "Пётр");
        await chat.Sees("Готово, Пётр!");

        var invitedId = await app.UserOf(invited);
        (await app.Database.Scalar<long>("select referral_user_id from users.acquisition_channels where user_id = $1", Ct, invitedId.Value)).ShouldBe(friendId.Value);
    }

    [Fact]
    public async Task Who_has_invited_him_stays_known_whatever_he_asks_for_on_the_way()
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
        await chat.Sees("На каком языке");
        await chat.Says("/start");
        await chat.Sees("На каком языке", times: 2);
        await chat.Presses("🇷🇺 Русский");
        await chat.Sees("Хорошо, говорим по-русски", times: 2);
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?", times: 2);
        await TelegramApp.GivesHisName(chat, "Пётр");

        await chat.Sees("Готово, Пётр!");
        await chat.Sees("Ваш код:");
        var invitedId = await app.UserOf(invited);
        (await app.Database.Scalar<long>("select referral_user_id from users.acquisition_channels where user_id = $1", Ct, invitedId.Value)).ShouldBe(friendId.Value);
    }

    [Fact]
    public async Task Who_starts_the_bot_again_is_greeted_by_name_and_not_registered_twice()
    {
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);

        await chat.Says("/start");

        await chat.Sees("Здравствуйте, Анна Смирнова!");
        (await app.Database.Scalar<long>("select count(*) from users.users where telegram_id = $1", Ct, person.Id.Value)).ShouldBe(1);
    }

    [Fact]
    public async Task Both_answers_of_a_hurried_person_to_one_question_count_once()
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
    public async Task Where_a_person_can_be_written_to_is_told_to_the_notifications()
    {
        var person = await app.GivenPerson();

        await person.With(TelegramApp.GuestBot).Says("/start");

        await Eventually.Get(
            () => app.Database.Scalar<long>("select count(*) from notifications.chats where bot = 'client' and telegram_id = $1", Ct, person.Id.Value), chats => chats == 1, Ct);
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
