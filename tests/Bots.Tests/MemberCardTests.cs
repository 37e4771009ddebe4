using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Platform.Testing;

namespace Platform.Bots.Tests;

/// <summary>Shows a card in the guest's chat and checks it in the barista's, with QR codes switched on and off.</summary>
public sealed class MemberCardTests(MemberCardTests.App app) : IClassFixture<MemberCardTests.App>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_QR_code_that_a_guest_sees_opens_their_card_in_the_baristas_chat()
    {
        await app.SetCardCodes(on: true);
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
    public async Task A_refreshed_QR_code_replaces_its_message_and_a_deleted_message_is_sent_again()
    {
        await app.SetCardCodes(on: true);
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
    public async Task Premium_and_a_block_are_visible_at_the_counter()
    {
        await app.SetCardCodes(on: true);
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
    public async Task An_expired_QR_code_and_a_forged_one_get_different_messages()
    {
        await app.SetCardCodes(on: true);
        var (chat, counter) = ((await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot), await GivenCounter());
        await chat.Says("/card");
        var number = NumberIn(await chat.Sees("QR-код карты действует ещё"));

        await counter.Says($"/start {app.TokenOf(number, DateTimeOffset.UtcNow.AddMinutes(-3))}");
        await counter.Sees("Этот QR-код устарел. Попросите гостя нажать");
        await counter.Says($"/start {app.TokenOf(number, DateTimeOffset.UtcNow)}");
        await counter.Sees($"Номер карты: {number}");
        await counter.Says($"/start {app.TokenOf(number, DateTimeOffset.UtcNow, "another secret")}");
        await counter.Sees("Это не наша карта");
        await counter.Says($"{number}-{new string('9', 200)}");
        await counter.Sees("Это не наша карта", times: 2);
    }

    [Fact]
    public async Task A_card_number_can_be_typed_in_any_letter_case_with_or_without_being_asked()
    {
        await app.SetCardCodes(on: true);
        var (chat, counter) = ((await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot), await GivenCounter());
        await chat.Says("/card");
        var number = NumberIn(await chat.Sees("QR-код карты действует ещё"));

        await counter.Says(number.ToLowerInvariant());
        await counter.Sees($"Номер карты: {number}");
        await counter.Says("🪪 Проверить карту");
        await counter.Sees("Какой номер карты?");
        // Like a picture of the card, it contains no text.
        await counter.SharesContact();
        await counter.Sees("Какой номер карты?", times: 2);
        await counter.Says(Mistyped(number));
        await counter.Sees("В номере опечатка");
        await counter.Says("MNT-00000000");
        await counter.Sees("Карты с таким номером нет");
        // When asked for, the number works without its prefix.
        await counter.Says(number[4..]);
        await counter.Sees($"Номер карты: {number}", times: 2);
        await counter.Sees("Готов к следующему заказу");
    }

    [Fact]
    public async Task Checking_a_card_does_not_interrupt_an_order()
    {
        await app.SetCardCodes(on: true);
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
    public async Task With_QR_codes_switched_off_the_card_number_works_and_old_buttons_explain_it()
    {
        await app.SetCardCodes(on: true);
        var (chat, counter) = ((await app.GivenRegisteredPerson()).With(TelegramApp.GuestBot), await GivenCounter());
        await chat.Says("/card");
        var number = NumberIn(await chat.Sees("QR-код карты действует ещё"));

        await app.SetCardCodes(on: false);
        await chat.Presses("🔄 Обновить код");
        await Eventually.Get(async () => (await chat.Messages())[^1].Text, text =>
            text?.StartsWith($"Анна Смирнова\nНомер карты: {number}\nБазовая карта", StringComparison.Ordinal) is true, Ct, Patience);
        await counter.Says("🪪 Проверить карту");
        await counter.Sees("QR-коды карт сейчас отключены");
        await counter.Says($"/start {app.TokenOf(number, DateTimeOffset.UtcNow)}");
        await counter.Sees("QR-коды карт сейчас отключены", times: 2);
        await counter.Says(number);

        await counter.Sees($"Номер карты: {number}");
    }

    [Fact]
    public async Task Each_start_of_the_bots_publishes_their_usernames()
    {
        (await app.Database.Scalar<string>("select username from users.bots where bot = 'client'", Ct)).ShouldBe(TelegramApp.GuestBot);
        (await app.Database.Scalar<string>("select username from users.bots where bot = 'barista'", Ct)).ShouldBe(TelegramApp.CounterBot);
        var before = await app.Database.Scalar<DateTime>("select connected_at from users.bots where bot = 'barista'", Ct);

        await app.Bots.Kill();
        await app.Bots.Restart(Ct);

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

    /// <summary>Not shared, since the switch applies to every test.</summary>
    public sealed class App : TelegramApp
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            // A QR code needs the username of the bot that it opens.
            await Eventually.Get(() => Database.Scalar<long>("select count(*) from users.bots", Ct), bots => bots == 2, Ct, Patience);
        }

        /// <summary>The content of a QR code at a moment; a forged one with another secret.</summary>
        public string TokenOf(string number, DateTimeOffset at, string secret = CardSecret)
        {
            var signed = $"{number}-{at.ToUnixTimeSeconds() / 60}";
            var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"member card: {signed}"));
            return $"{signed}-{Base64Url.EncodeToString(signature.AsSpan(0, 16))}";
        }
    }
}
