using System.Text.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Notifications.Tests.Delivery;

/// <summary>The notifications service with the guests' bot and the sandbox instead of Telegram.</summary>
public class DeliveryApp : NotificationsApp
{
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Runs, because the rates of the sender and of the sandbox depend on time. A test may advance it.</summary>
    public RunningClock Time { get; } = new();

    public TelegramSandbox Sandbox { get; private set; } = null!;

    protected virtual string ApiUrl => Sandbox.Address;

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("TELEGRAM_TOKEN_CLIENT", TelegramSandbox.GuestToken),
        new("TELEGRAM_API_URL", ApiUrl),
        new("Notifications:SendTimeout", SendTimeout.ToString()),
        new("Notifications:SlowFor", "00:00:00"),
        new("Notifications:CheckTokenEvery", "00:00:01"),
        new("Notifications:PollEvery", "00:00:00.050"),
    ];

    public override async ValueTask InitializeAsync()
    {
        Sandbox = await StartSandbox();
        await base.InitializeAsync();
    }

    public override async Task Deliver(params IReadOnlyList<object> happened)
    {
        var ids = string.Join(',', (await Publish(happened)).Select(message => $"'{message.Id}'::uuid").Distinct());
        await Eventually.IsTrue(
            async () => await Count($"select count(*) from unnest(array[{ids}]) id where not exists (select from inbox where message_id = id)") == 0, Ct);
    }

    /// <summary>A registered guest who has started the bot.</summary>
    public async Task<Guest> GivenGuest(string language = "ru")
    {
        var guest = await GivenRegistered(language);
        await Start(guest);
        return guest;
    }

    public async Task<IReadOnlyList<Guest>> GivenGuests(int count)
    {
        var guests = await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            var person = await Sandbox.GivenPerson();
            var guest = new Guest(Happened.NewUser(), person.Id, person.With(TelegramSandbox.GuestBot));
            await guest.Chat.Says("/start");
            return guest;
        }));
        await Deliver(
        [
            .. guests.Select(guest => Happened.Registered(guest.User, telegramId: guest.TelegramId)),
            .. guests.Select(guest => Happened.Started(guest.TelegramId, Time.GetUtcNow())),
        ]);
        return guests;
    }

    /// <summary>A registered guest who has not started a bot yet.</summary>
    public async Task<Guest> GivenRegistered(string language = "ru")
    {
        var (user, person) = (Happened.NewUser(), await Sandbox.GivenPerson(language));
        await Deliver(Happened.Registered(user, language, telegramId: person.Id));
        return new Guest(user, person.Id, person.With(TelegramSandbox.GuestBot));
    }

    /// <summary>The guest presses START, and Bots publishes it.</summary>
    public async Task Start(Guest guest)
    {
        await guest.Chat.Says("/start");
        await Deliver(Happened.Started(guest.TelegramId, Time.GetUtcNow()));
    }

    /// <summary>Waits until the guest's only notification, or the one of this template, has this status.</summary>
    public Task<JsonElement> Sees(Guest guest, string status, string? template = null) => Eventually.Get(
        async () => (await AllPages($"/api/notifications?status={status}&limit=100", StaffToken(3))).SelectMany(page => page)
            .SingleOrDefault(item =>
                item.Json("userId") is long user && user == guest.User.Value && (template is null || item.Json("template") is string of && of == template)),
        item => item.ValueKind == JsonValueKind.Object,
        Ct,
        within: TimeSpan.FromSeconds(30),
        condition: $"a notification of {guest.User} is {status}");

    public Task<IReadOnlyList<BotRequest>> CallsFor(Guest guest) => Sandbox.Requests(chat: guest.TelegramId);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Sandbox is not null)
        {
            await Sandbox.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected virtual Task<TelegramSandbox> StartSandbox() => TelegramSandbox.Start();

    protected override void Replace(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
}

/// <summary>The system's clock plus whatever a test has advanced it by.</summary>
public sealed class RunningClock : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _ahead));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}

/// <summary>A guest: their ids and their chat with the bot.</summary>
public sealed record Guest(UserId User, TelegramId TelegramId, SandboxChat Chat);
