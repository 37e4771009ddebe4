using Platform.Contracts;
using Shouldly;

namespace Platform.Testing;

/// <summary>The whole platform as people use it in Telegram: the bots, the gateway, and the sandbox in place of Telegram.</summary>
public class TelegramApp : PlatformApp
{
    public const string GuestBot = TelegramSandbox.GuestBot;
    public const string CounterBot = TelegramSandbox.CounterBot;

    private static long _lastPhone;

    // Other processes must know these ports before anything listens on them.
    private readonly int _botsPort = Ports.Free();
    private readonly int _mailPort = Ports.Free();

    protected int GatewayPort { get; } = Ports.Free();

    public TelegramSandbox Sandbox { get; private set; } = null!;

    public ServiceProcess Gateway { get; private set; } = null!;

    public ServiceProcess Bots { get; private set; } = null!;

    protected override IReadOnlyList<string> Services => [.. base.Services, "bots"];

    /// <summary>The services behind the gateway, besides the bots.</summary>
    protected virtual IReadOnlyList<ServiceProcess> BehindGateway => [Users, Loyalty, Notifications];

    protected override ServiceProcess EntryPointOf(ServiceProcess service) => Gateway ?? service;

    protected override IEnumerable<KeyValuePair<string, string>> SettingsOf(string service) => service switch
    {
        "users" => [new("SMTP_URL", $"smtp://127.0.0.1:{_mailPort}?tls=off"), new("MAIL_FROM", "Coffee <hello@coffee.example>")],
        "notifications" => Telegram,
        "bots" =>
        [
            .. Telegram, new("BOT_API_KEY_CLIENT", ClientKey), new("BOT_API_KEY_BARISTA", BaristaKey),
            new("services:gateway:http:0", $"http://127.0.0.1:{GatewayPort}"), new("Bots:CountdownEvery", "00:00:01"),
        ],
        _ => [],
    };

    private IEnumerable<KeyValuePair<string, string>> Telegram =>
    [
        new("TELEGRAM_TOKEN_CLIENT", TelegramSandbox.GuestToken), new("TELEGRAM_TOKEN_BARISTA", TelegramSandbox.CounterToken),
        new("TELEGRAM_API_URL", Sandbox.Address),
    ];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        // Started together, since the gateway is ready only when the bots are. Tests poll for exports, hence the high limit.
        var gateway = StartAt(GatewayPort, "gateway",
            [.. AddressesOf(BehindGateway), new("services:bots:http:0", $"http://127.0.0.1:{_botsPort}"), new("Gateway:Limits:Exports", "10000")]);
        var bots = StartAt(_botsPort, "bots");
        (Gateway, Bots) = (await gateway, await bots);
    }

    /// <summary>A new person in the sandbox with a phone, who has not started a bot yet.</summary>
    public Task<SandboxPerson> GivenPerson(string firstName = "Анна", string lastName = "Смирнова", string language = "ru") =>
        Sandbox.GivenPerson(language, phone: $"+7916{Interlocked.Increment(ref _lastPhone):D7}", firstName: firstName, lastName: lastName);

    /// <summary>A person whom the admin has added to the staff.</summary>
    /// <inheritdoc cref="PlatformApp.AddStaff"/>
    public async Task<SandboxPerson> GivenBarista(string language = "ru", string role = "barista", bool broadcast = false)
    {
        var barista = await GivenPerson("Борис", "Баристов", language);
        await AddStaff(barista.Id, "Борис Баристов", role, broadcast);
        return barista;
    }

    /// <returns>A token with which the counter bot acts for this member of the staff.</returns>
    public Task<string> StaffToken(SandboxPerson staff) => Bot(staff.Id, BaristaKey);

    /// <returns>A token with which the guest bot acts for this person.</returns>
    public Task<string> GuestToken(SandboxPerson guest) => Bot(guest.Id, ClientKey);

    /// <summary>Gets a payment code for a guest, who sees it in no chat.</summary>
    public async Task<string> CodeOf(SandboxPerson guest)
    {
        var token = await GuestToken(guest);
        var answer = await Eventually.Get(
            () => Post(Loyalty, "/api/loyalty/codes", token, body: null), given => given.Status == System.Net.HttpStatusCode.Created, Ct);
        return (string)answer.Json("code")!;
    }

    /// <summary>A person who has registered in the chat, in Russian.</summary>
    public async Task<SandboxPerson> GivenRegisteredPerson() => await Registered(await GivenPerson());

    public async Task<SandboxPerson> Registered(SandboxPerson person)
    {
        var chat = person.With(GuestBot);
        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await CompletesRegistration(chat, "Анна Смирнова", city: "Казань");
        await chat.Sees("Готово");
        var user = await UserOf(person);
        // The account opens by event. Tests start once it exists.
        await Eventually.Get(
            () => Database.Scalar<long>("select count(*) from loyalty.accounts where user_id = $1", Ct, user.Value), accounts => accounts == 1, Ct);
        await Handled(person.Id);
        return person;
    }

    /// <summary>Answers the registration's questions, starting with the name.</summary>
    public static async Task CompletesRegistration(SandboxChat chat, string name, string city = "Пропустить")
    {
        await chat.Says(name);
        await chat.Sees("номер телефона");
        await chat.SharesContact();
        await chat.Sees("день рождения");
        await chat.Says("Пропустить");
        await chat.Sees("В каком городе");
        await chat.Says(city);
    }

    /// <summary>Waits until the person's updates are recorded as handled: for tests that kill the bot, which answers before that.</summary>
    public Task Handled(TelegramId person) => Eventually.Get(
        () => Database.Scalar<long>("select count(*) from bots.updates where telegram_id = $1 and handled_at is null", Ct, person.Value),
        waiting => waiting == 0, Ct);

    public Task<UserId> UserOf(SandboxPerson person) => Eventually.Get(
        async () => new UserId(await Database.Scalar<long>("select coalesce((select id from users.users where telegram_id = $1), 0)", Ct, person.Id.Value)),
        user => user.Value > 0, Ct);

    /// <summary>Switches the QR codes of cards on or off, and waits until the bots know.</summary>
    public async Task SetCardCodes(bool on)
    {
        var switched = await Put(Users, "/api/users/switches", await Admin(), new { qr = on });
        switched.Status.ShouldBe(System.Net.HttpStatusCode.OK, switched.Body);
        await Eventually.IsTrue(
            async () => await Database.Scalar<bool>("select is_on from bots.feature_switches where feature = 'qr'", Ct) == on, Ct, TimeSpan.FromSeconds(40));
    }

    /// <summary>Gives a person points by an order.</summary>
    public async Task<OrderId> GivePoints(SandboxPerson person, decimal amount)
    {
        return new OrderId((long)(await Order(await CodeOf(person), amount)).Json("orderId")!);
    }

    /// <param name="amount">Null for all of it.</param>
    public async Task Refund(OrderId order, decimal? amount = null)
    {
        object body = amount is null ? new { whole = true } : new { amount };
        var refunded = await Post(Loyalty, $"/api/loyalty/orders/{order}/refund", await Admin(), body, key: Guid.NewGuid().ToString());
        ((int)refunded.Status).ShouldBeInRange(200, 299, refunded.Body);
    }

    /// <summary>A gift from the staff.</summary>
    public async Task<GiftId> GiveGift(SandboxPerson person, string title)
    {
        var given = await Post(
            Loyalty, "/api/loyalty/gifts", await Barista(), new { userId = await UserOf(person), title }, key: Guid.NewGuid().ToString());
        given.Status.ShouldBe(System.Net.HttpStatusCode.Created, given.Body);
        return new GiftId((long)given.Json("giftId")!);
    }

    public async Task<long> PointsOf(SandboxPerson person) => await Database.Scalar<long>(
        "select points from loyalty.accounts where user_id = $1", Ct, (await UserOf(person)).Value);

    protected override async Task BeforeServices() => Sandbox = await TelegramSandbox.Start([.. Telemetry, new("Sandbox:MailPort", $"{_mailPort}")]);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Sandbox is not null)
        {
            await Sandbox.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
