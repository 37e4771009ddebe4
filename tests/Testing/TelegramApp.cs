using Platform.Contracts;
using Shouldly;

namespace Platform.Testing;

/// <summary>
/// The whole platform as people meet it in Telegram: the bots in front of the gateway, and the sandbox in Telegram's place.
/// </summary>
public class TelegramApp : PlatformApp
{
    public const string GuestBot = TelegramSandbox.GuestBot;
    public const string CounterBot = TelegramSandbox.CounterBot;

    private static long _lastPhone;

    // Others have to know them before what listens there starts.
    private readonly int _botsPort = Ports.Free();
    private readonly int _mailPort = Ports.Free();

    /// <summary>Where the gateway listens, or will.</summary>
    protected int GatewayPort { get; } = Ports.Free();

    public TelegramSandbox Sandbox { get; private set; } = null!;

    public ServiceProcess Gateway { get; private set; } = null!;

    public ServiceProcess Bots { get; private set; } = null!;

    protected override IReadOnlyList<string> Services => [.. base.Services, "bots"];

    /// <summary>The services that it leads to, besides the bots.</summary>
    protected virtual IReadOnlyList<ServiceProcess> BehindGateway => [Users, Loyalty, Notifications];

    protected override ServiceProcess DoorTo(ServiceProcess service) => Gateway ?? service;

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
        // The gateway is ready when all behind it are.
        // A test asks for its data until it gets them.
        var gateway = StartAt(GatewayPort, "gateway",
            [.. AddressesOf(BehindGateway), new("services:bots:http:0", $"http://127.0.0.1:{_botsPort}"), new("Gateway:Limits:Exports", "10000")]);
        var bots = StartAt(_botsPort, "bots");
        (Gateway, Bots) = (await gateway, await bots);
    }

    /// <summary>Somebody new in the sandbox, with a phone, who has started no bot yet.</summary>
    public Task<SandboxPerson> GivenPerson(string firstName = "Анна", string lastName = "Смирнова", string language = "ru") =>
        Sandbox.GivenPerson(language, phone: $"+7916{Interlocked.Increment(ref _lastPhone):D7}", firstName: firstName, lastName: lastName);

    /// <summary>Somebody whom the admin made a member of the staff.</summary>
    public async Task<SandboxPerson> GivenBarista(string language = "ru")
    {
        var barista = await GivenPerson("Борис", "Баристов", language);
        await AddStaff(barista.Id, "Борис Баристов");
        return barista;
    }

    /// <summary>Somebody who has registered by chat, in Russian.</summary>
    public async Task<SandboxPerson> GivenRegisteredPerson() => await Registered(await GivenPerson());

    /// <inheritdoc cref="GivenRegisteredPerson"/>
    public async Task<SandboxPerson> Registered(SandboxPerson person)
    {
        var chat = person.With(GuestBot);
        await chat.Says("/start");
        await chat.Presses("🇷🇺 Русский");
        await chat.Presses("Даю согласие");
        await chat.Sees("Как вас зовут?");
        await GivesHisName(chat, "Анна Смирнова", city: "Казань");
        await chat.Sees("Готово");
        var user = await UserOf(person);
        // Their account opens by event, and no test is about that moment unless it says so.
        await Eventually.Get(
            () => Database.Scalar<long>("select count(*) from loyalty.accounts where user_id = $1", Ct, user.Value), accounts => accounts == 1, Ct);
        await Handled(person.Id);
        return person;
    }

    /// <summary>Answers all the questions from the name on.</summary>
    public static async Task GivesHisName(SandboxChat chat, string name, string city = "Пропустить")
    {
        await chat.Says(name);
        await chat.Sees("номер телефона");
        await chat.SharesContact();
        await chat.Sees("день рождения");
        await chat.Says("Пропустить");
        await chat.Sees("В каком городе");
        await chat.Says(city);
    }

    /// <summary>An answer is seen before it is put down that it was given: what is killed or broken after this is not in the middle of it.</summary>
    public Task Handled(TelegramId person) => Eventually.Get(
        () => Database.Scalar<long>("select count(*) from bots.updates where telegram_id = $1 and handled_at is null", Ct, person.Value), waiting => waiting == 0, Ct);

    public Task<UserId> UserOf(SandboxPerson person) => Eventually.Get(
        async () => new UserId(await Database.Scalar<long>("select coalesce((select id from users.users where telegram_id = $1), 0)", Ct, person.Id.Value)),
        user => user.Value > 0, Ct);

    /// <summary>Has the codes of cards switched on or off, and the bots have heard of it.</summary>
    public async Task SwitchCodesOfCards(bool on)
    {
        var switched = await Put(Users, "/api/users/switches", await Admin(), new { qr = on });
        switched.Status.ShouldBe(System.Net.HttpStatusCode.OK, switched.Body);
        await Eventually.IsTrue(
            async () => await Database.Scalar<bool>("select is_on from bots.feature_switches where feature = 'qr'", Ct) == on, Ct, TimeSpan.FromSeconds(40));
    }

    /// <summary>Points given to somebody as an order of long ago would have given them.</summary>
    /// <returns>The order that gave them.</returns>
    public async Task<OrderId> GivePoints(SandboxPerson person, decimal amount)
    {
        var token = await Bot(person.Id, ClientKey);
        var code = await Eventually.Get(() => Post(Loyalty, "/api/loyalty/codes", token, body: null), answer => answer.Status == System.Net.HttpStatusCode.Created, Ct);
        return new OrderId((long)(await Order((string)code.Json("code")!, amount)).Json("orderId")!);
    }

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
