using System.Net;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>The platform as people meet it: through the gateway.</summary>
public sealed class PlatformBehindGateway : PlatformApp
{
    private ServiceProcess? _gateway;

    public OtlpCollector Collector { get; private set; } = null!;

    public ServiceProcess Gateway => _gateway!;

    protected override IEnumerable<KeyValuePair<string, string>> Telemetry => Collector.Settings;

    protected override ServiceProcess DoorTo(ServiceProcess service) => _gateway ?? service;

    public override async ValueTask InitializeAsync()
    {
        Collector = await OtlpCollector.Start(Ct);
        await base.InitializeAsync();
        _gateway = await Start("gateway", [.. AddressesOf(Users, Loyalty, Notifications)]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Collector.DisposeAsync();
    }
}

public sealed class FirstOrderTests(PlatformBehindGateway platform) : IClassFixture<PlatformBehindGateway>
{
    private static readonly string[] SpansOfAnOrder = ["POST /api/loyalty/orders", "outbox OrderPlaced", "notifications: OrderPlaced", "users: OrderPlaced"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_registers_shows_his_code_orders_for_1250_has_12_points_and_is_told()
    {
        var guest = await platform.GivenGuest();

        // His account opens by event: until then the answer is to try again in a second.
        var code = await Eventually.Get(
            () => platform.Post(platform.Loyalty, "/codes/generate", guest.Token, body: null), answer => answer.Status == HttpStatusCode.Created, Ct);
        var order = await platform.Post(platform.Loyalty, "/orders/", await platform.Barista(), new { code = code.Json("code"), amount = 1250 });

        order.Status.ShouldBe(HttpStatusCode.Created, order.Body);
        order.Json("pointsEarned").ShouldBe(12L);
        (await platform.Get(platform.Loyalty, "/api/loyalty/accounts/me", guest.Token)).Json("points").ShouldBe(12L);
        await platform.Told(guest, orders: 1);
        var mine = await platform.Get(platform.Notifications, "/api/notifications/mine", guest.Token);
        mine.Status.ShouldBe(HttpStatusCode.OK);
        mine.Body.ShouldContain("order_placed");
        mine.Body.ShouldContain("queued");
    }

    [Fact]
    public async Task His_profile_is_his_own_by_the_path_of_the_old_system()
    {
        var guest = await platform.GivenGuest();
        var other = await platform.GivenGuest();

        (await platform.Get(platform.Users, $"/users/{guest.TelegramId}", guest.Token)).Status.ShouldBe(HttpStatusCode.OK);
        (await platform.Get(platform.Users, $"/users/{guest.TelegramId}/", guest.Token)).Status.ShouldBe(HttpStatusCode.OK);
        (await platform.Get(platform.Users, $"/users/{guest.TelegramId}", other.Token)).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
    }

    [Fact]
    public async Task One_trace_shows_the_gateway_the_service_and_the_notification()
    {
        var guest = await platform.GivenGuest();
        await platform.Order(await platform.Code(guest), 1250);
        await platform.Told(guest, orders: 1);

        // The order's own trace, when all who took part have exported their part of it: users counts it as a day of activity.
        await Eventually.Get(
            () => Task.FromResult(platform.Collector.Spans
                .GroupBy(span => span.TraceId)
                .Where(trace => trace.Any(span => span is { Service: "loyalty", Name: "POST /api/loyalty/orders" }))
                .Select(trace => trace.ToList())
                .ToList()),
            traces => traces.Any(trace => trace.Select(span => span.Service).ToHashSet().SetEquals(["gateway", "loyalty", "notifications", "users"])
                // Each name says what was done, not only by what means.
                && SpansOfAnOrder.All(name => trace.Any(span => span.Name == name))),
            Ct);
    }

    [Fact]
    public async Task No_name_phone_telegram_id_token_or_code_is_in_what_is_exported()
    {
        const string name = "Клеопатра Ивановна";
        const string phone = "+79990004477";
        var guest = await platform.GivenGuest(name, phone);
        await platform.Get(platform.Users, $"/users/{guest.TelegramId}", guest.Token);
        await platform.Order(await platform.Code(guest), 1250);
        await platform.Told(guest, orders: 1);
        await Eventually.IsTrue(() => Task.FromResult(platform.Collector.Spans.Any(span => span.Service == "users" && span.Name.Contains("by-telegram", StringComparison.Ordinal))), Ct);

        platform.Collector.Contains(name).ShouldBeFalse();
        platform.Collector.Contains("79990004477").ShouldBeFalse();
        platform.Collector.Contains(guest.Token[..40]).ShouldBeFalse();
        platform.Collector.Contains($"telegram:{guest.TelegramId}").ShouldBeFalse();
        platform.Collector.Contains($"/users/{guest.TelegramId}").ShouldBeFalse();
        platform.Collector.Contains($"by-telegram/{guest.TelegramId}").ShouldBeFalse();
    }

    [Fact]
    public async Task A_blocked_guest_is_refused_everywhere_within_seconds()
    {
        var guest = await platform.GivenGuest();
        var owner = await platform.Admin();

        await platform.Post(platform.Users, $"/api/users/{guest.Id}/block", owner, new { reason = "Rude to the staff" });

        await Eventually.Passes(
            async () =>
            {
                (await platform.Get(platform.Users, "/api/users/me", guest.Token)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
                (await platform.Get(platform.Loyalty, "/api/loyalty/accounts/me", guest.Token)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
                (await platform.Get(platform.Notifications, "/api/notifications/mine", guest.Token)).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
            },
            Ct);
    }

    [Fact]
    public async Task The_gateway_tells_of_every_service_the_database_and_the_broker()
    {
        var health = await platform.Get(platform.Gateway, "/health/ready", token: null);

        health.Status.ShouldBe(HttpStatusCode.OK, health.Body);
        foreach (var part in new[] { "users", "loyalty", "notifications", "database", "broker" })
        {
            health.Body.ShouldContain($"\"{part}\"");
        }
    }
}
