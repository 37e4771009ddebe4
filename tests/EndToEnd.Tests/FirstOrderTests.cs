using System.Net;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>The platform as callers see it, through the gateway.</summary>
public sealed class PlatformBehindGateway : PlatformApp
{
    private ServiceProcess? _gateway;

    public OtlpCollector Collector { get; private set; } = null!;

    public ServiceProcess Gateway => _gateway!;

    protected override IEnumerable<KeyValuePair<string, string>> Telemetry => Collector.Settings;

    protected override ServiceProcess EntryPointOf(ServiceProcess service) => _gateway ?? service;

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
    private static readonly string[] SpansOfAnOrder =
        ["POST /api/loyalty/orders", "outbox OrderPlaced", "notifications: OrderPlaced", "users: OrderPlaced"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_registers_orders_for_1250_roubles_and_gets_12_points_and_a_notification()
    {
        var guest = await platform.GivenGuest();

        // The account opens by event; until then the caller must retry.
        var code = await Eventually.Get(
            () => platform.Post(platform.Loyalty, "/codes/generate", guest.Token, body: null), answer => answer.Status == HttpStatusCode.Created, Ct);
        var order = await platform.Post(platform.Loyalty, "/orders/", await platform.Barista(), new { code = code.Json("code"), amount = 1250 });

        order.Status.ShouldBe(HttpStatusCode.Created, order.Body);
        order.Json("pointsEarned").ShouldBe(12L);
        (await platform.Get(platform.Loyalty, "/api/loyalty/accounts/me", guest.Token)).Json("points").ShouldBe(12L);
        await platform.OrdersAreNotified(guest, orders: 1);
        var mine = await platform.Get(platform.Notifications, "/api/notifications/mine", guest.Token);
        mine.Status.ShouldBe(HttpStatusCode.OK);
        mine.Body.ShouldContain("order_placed");
        mine.Body.ShouldContain("queued");
    }

    [Fact]
    public async Task A_guest_reads_only_their_own_profile_on_the_old_path()
    {
        var guest = await platform.GivenGuest();
        var other = await platform.GivenGuest();

        (await platform.Get(platform.Users, $"/users/{guest.TelegramId}", guest.Token)).Status.ShouldBe(HttpStatusCode.OK);
        (await platform.Get(platform.Users, $"/users/{guest.TelegramId}/", guest.Token)).Status.ShouldBe(HttpStatusCode.OK);
        (await platform.Get(platform.Users, $"/users/{guest.TelegramId}", other.Token)).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
    }

    [Fact]
    public async Task One_trace_spans_the_gateway_the_service_and_the_notification()
    {
        var guest = await platform.GivenGuest();
        await platform.Order(await platform.Code(guest), 1250);
        await platform.OrdersAreNotified(guest, orders: 1);

        // Complete once all services have exported their spans. Users takes part because it counts activity.
        await Eventually.Get(
            () => Task.FromResult(platform.Collector.Spans
                .GroupBy(span => span.TraceId)
                .Where(trace => trace.Any(span => span is { Service: "loyalty", Name: "POST /api/loyalty/orders" }))
                .Select(trace => trace.ToList())
                .ToList()),
            traces => traces.Any(trace => trace.Select(span => span.Service).ToHashSet().SetEquals(["gateway", "loyalty", "notifications", "users"])
                // Span names say what was done.
                && SpansOfAnOrder.All(name => trace.Any(span => span.Name == name))),
            Ct);
    }

    [Fact]
    public async Task Exported_telemetry_contains_no_personal_data_or_secrets()
    {
        const string name = "Клеопатра Ивановна";
        const string phone = "+79990004477";
        var guest = await platform.GivenGuest(name, phone);
        await platform.Get(platform.Users, $"/users/{guest.TelegramId}", guest.Token);
        await platform.Order(await platform.Code(guest), 1250);
        await platform.OrdersAreNotified(guest, orders: 1);
        await Eventually.IsTrue(
            () => Task.FromResult(platform.Collector.Spans.Any(
                span => span.Service == "users" && span.Name.Contains("by-telegram", StringComparison.Ordinal))),
            Ct);

        platform.Collector.Contains(name).ShouldBeFalse();
        platform.Collector.Contains("79990004477").ShouldBeFalse();
        platform.Collector.Contains(guest.Token[..40]).ShouldBeFalse();
        platform.Collector.Contains($"telegram:{guest.TelegramId}").ShouldBeFalse();
        platform.Collector.Contains($"/users/{guest.TelegramId}").ShouldBeFalse();
        platform.Collector.Contains($"by-telegram/{guest.TelegramId}").ShouldBeFalse();
    }

    [Fact]
    public async Task A_blocked_guest_is_refused_by_every_service_within_seconds()
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
    public async Task The_gateways_health_covers_every_service_the_database_and_the_broker()
    {
        var health = await platform.Get(platform.Gateway, "/health/ready", token: null);

        health.Status.ShouldBe(HttpStatusCode.OK, health.Body);
        foreach (var part in new[] { "users", "loyalty", "notifications", "database", "broker" })
        {
            health.Body.ShouldContain($"\"{part}\"");
        }
    }
}
