using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Ops.Tests.Messages;

/// <summary>End to end: a service fails to handle an event, an operator repairs the cause, and the same event is handled.</summary>
public sealed class FailedHandlingTests : IAsyncLifetime
{
    private static readonly UserId Anna = new(4711);

    private TestDatabase _database = null!;
    private VirtualHost _broker = null!;
    private ServiceProcess _loyalty = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Dictionary<string, string> Settings => PlatformCommand.Settings(_database, _broker.Address, "users", "loyalty");

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.Create("loyalty");
        _broker = await VirtualHost.Create("loyalty");
        _loyalty = await ServiceProcess.Start("loyalty", _database, _broker, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _loyalty.DisposeAsync();
        await _broker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_failed_message_is_listed_shown_and_handled_after_a_requeue()
    {
        await _database.Execute("alter table loyalty.accounts rename to hidden", Ct);
        var id = Guid.CreateVersion7();
        await _broker.Publish(
            new UserRegistered
            {
                UserId = Anna,
                FullName = "Анна Петрова",
                Language = "ru",
                PhoneVerified = true,
                PhoneSeenBefore = false,
                RegisteredAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
                Version = 1,
            },
            Ct, id);
        await Eventually.Get(Failed, failed => failed == 1, Ct, TimeSpan.FromMinutes(1));

        var listed = await Run("messages", "list", "--json");
        listed.ExitCode.ShouldBe(0, listed.ToString());
        listed.Json.GetProperty("counts").GetProperty("loyalty").GetInt64().ShouldBe(1);
        listed.Json.GetProperty("counts").GetProperty("users").GetInt64().ShouldBe(0);
        var entry = listed.Json.GetProperty("messages")[0];
        entry.GetProperty("id").GetGuid().ShouldBe(id);
        entry.GetProperty("service").GetString().ShouldBe("loyalty");
        entry.GetProperty("type").GetString().ShouldBe("Platform.Contracts.Users.UserRegistered");
        entry.GetProperty("message").GetString()!.ShouldContain("relation \"accounts\" does not exist");
        entry.GetProperty("failedAt").GetDateTimeOffset().ShouldBeLessThan(TimeProvider.System.GetUtcNow().AddMinutes(1));
        listed.Output.ShouldNotContain("Петрова", Case.Sensitive, "a list must not show personal data");
        var forPeople = await Run("messages", "list", "loyalty");
        forPeople.Output.ShouldContain(id.ToString());
        forPeople.Output.ShouldContain("UserRegistered");

        var shown = await Run("messages", "show", id.ToString(), "--json");
        var message = shown.Json.GetProperty("messages")[0];
        message.GetProperty("body").GetProperty("message").GetProperty("fullName").GetString().ShouldBe("Анна Петрова");
        message.GetProperty("stackTrace").GetString()!.ShouldContain("OpenAccount");
        (await Run("messages", "show", id.ToString())).Output.ShouldContain("Анна Петрова");

        // Not repaired yet: it fails again and comes back.
        (await Run("messages", "requeue", id.ToString())).ExitCode.ShouldBe(0);
        await Eventually.Get(Failed, failed => failed == 1, Ct, TimeSpan.FromMinutes(1));

        await _database.Execute("alter table loyalty.hidden rename to accounts", Ct);
        (await Run("messages", "requeue", "--all", "--dry-run")).Output.ShouldContain("would send 1 again");
        (await Failed()).ShouldBe(1u);
        var requeued = await Run("messages", "requeue", "--all", "--json");
        requeued.ExitCode.ShouldBe(0, requeued.ToString());
        requeued.Json.GetProperty("messages")[0].GetProperty("id").GetGuid().ShouldBe(id);

        await Eventually.IsTrue(() => _database.Scalar<bool>("select exists (select from loyalty.accounts where user_id = $1)", Ct, Anna.Value), Ct);
        (await Failed()).ShouldBe(0u);
        (await _database.Scalar<Guid>("select message_id from loyalty.inbox where consumer = 'OpenAccount'", Ct))
            .ShouldBe(id, "with the same id, the inbox recognizes a duplicate");
        (await Run("messages", "list")).Output.Trim().ShouldBe("no failed messages");
    }

    private Task<CommandOutcome> Run(params string[] arguments) => PlatformCommand.Run(Settings, arguments);

    // The queue does not exist before the first failure.
    private async Task<uint> Failed() => (await _broker.Failures(Ct)).Count > 0 ? await _broker.Waiting("loyalty_error", Ct) : 0;
}
