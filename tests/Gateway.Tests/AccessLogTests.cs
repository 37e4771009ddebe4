using System.Globalization;
using System.Net;
using Platform.Testing;

namespace Platform.Gateway.Tests;

public sealed class AccessLogTests(KeysInDatabase keys) : IClassFixture<KeysInDatabase>
{
    [Fact]
    public async Task A_call_logs_one_line_with_caller_route_status_and_duration()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Users.Answer = context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };

        await gateway.Get("/users/1001/?deep=1", gateway.ClientToken(5), headers: ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

        var line = (await Lines(gateway, 1)).ShouldHaveSingleItem();
        line.Level.ShouldBe(LogLevel.Information);
        line.Values["Method"].ShouldBe("GET");
        line.Values["Route"].ShouldBe("/users/{telegram_id}");
        line.Values["Status"].ShouldBe(404);
        line.Values["User"].ShouldBe("user:5");
        Convert.ToDouble(line.Values["Ms"], CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        line.Values["TraceId"].ShouldBe("0af7651916cd43dd8448eb211c80319c");
    }

    [Fact]
    public async Task A_refused_call_is_logged()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        await gateway.Get("/api/users/me");
        await gateway.Get("/nothing/here");

        var lines = await Lines(gateway, 2);
        lines.Select(line => (line.Values["Route"], line.Values["Status"], line.Values["User"])).ShouldBe(
            [("/api/users/{**rest}", 401, "-"), ("-", 404, "-")]);
    }

    [Fact]
    public async Task No_log_line_contains_secrets_or_personal_data()
    {
        const string Phone = "+79991234567", Name = "Ivan Ivanovich", Query = "qry-sentinel", Key = "key-sentinel",
            Code = "code-sentinel", Telegram = "987654321";
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:UpstreamTimeout", "00:00:00.300"));
        var token = gateway.ClientToken(5);

        await gateway.Post("/users/", token, new { fullName = Name, phone = Phone });
        await gateway.Get($"/users/{Telegram}?phone={Uri.EscapeDataString(Phone)}&q={Query}", token);
        await gateway.Post("/api/auth/bot", body: new { telegramId = long.Parse(Telegram, CultureInfo.InvariantCulture) }, headers: ("X-Api-Key", Key));
        await gateway.Get($"/api/loyalty/accounts/{Telegram}?q={Query}", "token-sentinel");
        gateway.Loyalty.Answer = async context => await Task.Delay(Timeout.Infinite, context.RequestAborted);
        (await gateway.Post($"/orders?q={Query}", gateway.StaffToken(1), new { code = Code })).Status.ShouldBe(HttpStatusCode.GatewayTimeout);
        await gateway.Loyalty.Stop();
        (await gateway.Get($"/api/loyalty/accounts/{Telegram}?q={Query}", token)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);

        await Lines(gateway, 6);
        foreach (var secret in new[] { Phone, Phone[1..], Name, Query, Key, Code, Telegram, token, "token-sentinel" })
        {
            gateway.Log.Lines.Where(line => line.Text.Contains(secret, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty($"'{secret}' is in the log");
        }
    }

    // The line is written after the answer was sent.
    private static async Task<IReadOnlyList<GatewayLog.Line>> Lines(GatewayUnderTest gateway, int count)
    {
        IReadOnlyList<GatewayLog.Line> lines = [];
        await Eventually.IsTrue(() =>
        {
            lines = [.. gateway.Log.Lines.Where(line => line.Category == typeof(AccessLog).FullName)];
            return Task.FromResult(lines.Count >= count);
        }, TestContext.Current.CancellationToken);
        return lines;
    }
}
