using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Platform.Testing;

namespace Platform.Bots.Tests;

/// <summary>A card from the guest's chat over the counter into the barista's, with the codes switched on and off.</summary>
public sealed class MemberCardTests(MemberCardTests.App app) : IClassFixture<MemberCardTests.App>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_picture_that_the_guest_is_sent_opens_the_member_in_the_baristas_chat()
    {
        await app.SwitchCodesOfCards(on: true);
        var chat = (await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot);
        var counter = await GivenCounter();

        await chat.Says("💳 Моя карта");
        var caption = await chat.Sees("QR-код карты действует ещё");
        var link = await QrPicture.Read(await chat.SeesPhoto(), Ct);
        await counter.Says($"/start {link.Split("?start=")[1]}");

        caption.ShouldStartWith("Анна Смирнова\nНомер карты: MNT-");
        caption.ShouldContain("Базовая карта");
        link.ShouldStartWith($"https://t.me/{TelegramApp.CounterBot}?start=MNT-");
        var member = await counter.Sees("Номер карты: ");
        member.ShouldBe($"Анна Смирнова\nНомер карты: {NumberIn(caption)}\nБазовая карта");
    }

    [Fact]
    public async Task The_code_is_shown_anew_in_its_message_and_in_a_new_one_once_that_is_gone()
    {
        await app.SwitchCodesOfCards(on: true);
        var person = await app.GivenRegisteredPerson();
        var chat = person.With(TelegramApp.GuestBot);
        await chat.Says("/card");
        await chat.Sees("QR-код карты действует ещё");
        var before = (await chat.Messages()).Count;

        await chat.Presses("🔄 Обновить код");
        await Eventually.Get(() => app.Sandbox.Requests("editMessageMedia", person.Id), edits => edits.Any(edit => edit.Status == 200), Ct);
        (await chat.Messages()).Count.ShouldBe(before);
        await QrPicture.Read(await chat.SeesPhoto(), Ct);

        await app.Sandbox.GivenFault(new { kind = "messageGone", method = "editMessageMedia", chatId = person.Id, times = 1 });
        await chat.Presses("🔄 Обновить код");
        await chat.Sees("QR-код карты действует ещё", times: 2);
    }

    [Fact]
    public async Task Premium_is_on_the_card_and_told_at_the_counter_and_so_is_a_block()
    {
        await app.SwitchCodesOfCards(on: true);
        var person = await app.GivenRegisteredPerson();
        var (chat, counter) = (person.With(TelegramApp.GuestBot), await GivenCounter());
        var user = await app.UserOf(person);

        var granted = await app.Post(app.Users, $"/api/users/{user}/membership", await app.Admin(), new { days = 14, reason = "a test" });
        granted.Status.ShouldBe(HttpStatusCode.OK, granted.Body);
        await chat.Sees("Добро пожаловать в премиум!");
        await chat.Says("/card");
        var caption = await chat.Sees("Премиум до ");
        await counter.Says(NumberIn(caption));
        await counter.Sees("⭐ Премиум до ");

        await app.Post(app.Users, $"/api/users/{user}/block", await app.Admin(), new { reason = "a test" });
        await counter.Says(NumberIn(caption));
        await counter.Sees("⛔ Гость заблокирован");
    }

    [Fact]
    public async Task A_code_that_is_old_or_of_somebody_elses_making_is_told_from_each_other()
    {
        await app.SwitchCodesOfCards(on: true);
        var (chat, counter) = ((await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot), await GivenCounter());
        await chat.Says("/card");
        var number = NumberIn(await chat.Sees("QR-код карты действует ещё"));

        await counter.Says($"/start {app.TokenOf(number, DateTimeOffset.UtcNow.AddMinutes(-3))}");
        await counter.Sees("Этот QR-код устарел. Попросите гостя нажать");
        await counter.Says($"/start {app.TokenOf(number, DateTimeOffset.UtcNow)}");
        await counter.Sees($"Номер карты: {number}");
        await counter.Says($"/start {app.TokenOf(number, DateTimeOffset.UtcNow, "somebody else's")}");
        await counter.Sees("Это не наша карта");
        await counter.Says($"{number}-{new string('9', 200)}");
        await counter.Sees("Это не наша карта", times: 2);
    }

    [Fact]
    public async Task A_number_is_typed_in_any_case_out_of_the_blue_or_when_asked_for()
    {
        await app.SwitchCodesOfCards(on: true);
        var (chat, counter) = ((await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot), await GivenCounter());
        await chat.Says("/card");
        var number = NumberIn(await chat.Sees("QR-код карты действует ещё"));

        await counter.Says(number.ToLowerInvariant());
        await counter.Sees($"Номер карты: {number}");
        await counter.Says("💳 Проверить карту");
        await counter.Sees("Какой номер карты?");
        // As he would send a picture of it: there is nothing to read in what he sends.
        await counter.SharesContact();
        await counter.Sees("Какой номер карты?", times: 2);
        await counter.Says(Mistyped(number));
        await counter.Sees("В номере опечатка");
        await counter.Says("MNT-00000000");
        await counter.Sees("Карты с таким номером нет");
        // Without the prefix too, since it was asked for.
        await counter.Says(number[4..]);
        await counter.Sees($"Номер карты: {number}", times: 2);
        await counter.Sees("Готов к следующему заказу");
    }

    [Fact]
    public async Task A_card_in_the_middle_of_an_order_leaves_the_order_where_it_was()
    {
        await app.SwitchCodesOfCards(on: true);
        var guest = await app.GivenRegisteredPerson();
        var (chat, counter) = (guest.With(TelegramApp.GuestBot), await GivenCounter());
        await chat.Says("/card");
        var number = NumberIn(await chat.Sees("QR-код карты действует ещё"));
        await chat.Says("/code");
        await counter.Says(new string([.. (await chat.Sees("Ваш код")).Where(char.IsAsciiDigit).Take(6)]));
        await counter.Sees("Какая сумма заказа");

        await counter.Says($"/start {app.TokenOf(number, DateTimeOffset.UtcNow)}");
        await counter.Sees($"Номер карты: {number}");
        await counter.Says("300");

        await counter.Sees(": 300 ₽\nГость: ");
    }

    [Fact]
    public async Task While_the_codes_are_switched_off_the_number_is_what_there_is_and_old_buttons_say_so()
    {
        await app.SwitchCodesOfCards(on: true);
        var (chat, counter) = ((await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot), await GivenCounter());
        await chat.Says("/card");
        var number = NumberIn(await chat.Sees("QR-код карты действует ещё"));

        await app.SwitchCodesOfCards(on: false);
        await chat.Presses("🔄 Обновить код");
        await Eventually.Get(async () => (await chat.Messages())[^1].Text, text => text?.StartsWith($"Анна Смирнова\nНомер карты: {number}\nБазовая карта", StringComparison.Ordinal) is true, Ct, Patience);
        await counter.Says("💳 Проверить карту");
        await counter.Sees("QR-коды карт сейчас отключены");
        await counter.Says($"/start {app.TokenOf(number, DateTimeOffset.UtcNow)}");
        await counter.Sees("QR-коды карт сейчас отключены", times: 2);
        await counter.Says(number);

        await counter.Sees($"Номер карты: {number}");
    }

    [Fact]
    public async Task Each_start_of_the_bots_tells_by_what_name_they_are_known()
    {
        (await app.Database.Scalar<string>("select username from users.bots where bot = 'client'", Ct)).ShouldBe(TelegramApp.GuestBot);
        (await app.Database.Scalar<string>("select username from users.bots where bot = 'barista'", Ct)).ShouldBe(TelegramApp.CounterBot);
        var before = await app.Database.Scalar<DateTime>("select connected_at from users.bots where bot = 'barista'", Ct);

        await app.Bots.Kill();
        await app.Bots.StartAgain(Ct);

        await Eventually.IsTrue(
            async () => await app.Database.Scalar<DateTime>("select connected_at from users.bots where bot = 'barista'", Ct) > before, Ct, Patience);
    }

    private static string NumberIn(string caption) => caption.Split("Номер карты: ")[1].Split('\n')[0];

    private static string Mistyped(string number) => number[..^1] + (number[^1] == '7' ? '8' : '7');

    private async Task<SandboxChat> GivenCounter()
    {
        var counter = (await app.GivenBarista()).With(TelegramApp.CounterBot);
        await counter.Says("/start");
        await counter.Sees("Пришлите код гостя");
        return counter;
    }

    /// <summary>Of its own, since it switches for everybody.</summary>
    public sealed class App : TelegramApp
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            // What a card's code leads to is known once the bots have told it.
            await Eventually.Get(() => Database.Scalar<long>("select count(*) from users.bots", Ct), bots => bots == 2, Ct, Patience);
        }

        /// <summary>What a card's code said at a moment, or what somebody would have it say who does not know the secret.</summary>
        public string TokenOf(string number, DateTimeOffset at, string secret = CardSecret)
        {
            var signed = $"{number}-{at.ToUnixTimeSeconds() / 60}";
            var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"member card: {signed}"));
            return $"{signed}-{Base64Url.EncodeToString(signature.AsSpan(0, 16))}";
        }
    }
}
