using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Web;

public sealed class AuditTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.Create();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task An_audit_row_contains_caller_action_target_time_and_address()
    {
        await using var service = await TestService.Start(_database, app =>
            app.MapPost("/block", async Task<NoContent> (Caller caller, TestDb db, Audit audit, CancellationToken ct) =>
            {
                audit.Write(db, caller, "user.block", "user:5", new { Reason = "fraud" });
                await db.SaveChangesAsync(ct);
                return TypedResults.NoContent();
            }).RequireRole(Role.Admin), Ct);
        using var client = service.As(Role.Admin);

        (await client.PostAsync("/block", null, Ct)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var row = JsonNode.Parse((await _database.Scalar<string>("select row_to_json(audit)::text from users.audit", Ct))!)!;
        row["subject"]!.GetValue<string>().ShouldBe("staff:5");
        row["role"]!.GetValue<string>().ShouldBe("admin");
        row["action"]!.GetValue<string>().ShouldBe("user.block");
        row["target"]!.GetValue<string>().ShouldBe("user:5");
        row["details"]!.ToJsonString().ShouldBe("""{"reason":"fraud"}""");
        row["address"]!.GetValue<string>().ShouldBe("127.0.0.1");
        row["trace_id"]!.GetValue<string>().ShouldMatch("^[0-9a-f]{32}$");
        DateTimeOffset.Parse(row["at"]!.GetValue<string>(), null).ShouldBe(service.Clock.GetUtcNow());
    }
}
