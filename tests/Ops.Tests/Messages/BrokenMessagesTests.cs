using System.Text;
using System.Text.Json;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Testing;
using RabbitMQ.Client;

namespace Platform.Ops.Tests.Messages;

/// <summary>Unreadable and unknown messages, and messages whose consumer keeps dying: none is lost or redelivered for ever.</summary>
public sealed class BrokenMessagesTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private VirtualHost _broker = null!;
    private IConnection _connection = null!;
    private ServiceProcess? _loyalty;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Dictionary<string, string> Settings => PlatformCommand.Settings(_database, _broker.Address, "users", "loyalty");

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.Create("loyalty");
        _broker = await VirtualHost.Create("loyalty");
        _connection = await new ConnectionFactory { Uri = _broker.Address }.CreateConnectionAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_loyalty is not null)
        {
            await _loyalty.DisposeAsync();
        }

        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Unreadable_and_unknown_messages_can_be_listed_requeued_and_discarded()
    {
        await StartLoyalty();
        await Send("");
        await Send("{");
        await Send("""{"messageId": 17, "messageType": ["urn:message:Platform.Contracts.Users:UserRegistered"], "message": {"userId": "none"}}""");
        await Send(
            """{"messageId": "0b0f4ab1-31a7-4f19-9f1e-6d4c1a2b3c4d", "messageType": ["urn:message:Platform.Contracts.Users:UserPromoted"], "message": {"userId": 5}}""");

        await Registered(new UserId(51));

        await AccountIsOpen(new UserId(51));
        await Eventually.Get(Waiting, waiting => waiting == (3u, 1u), Ct);
        var listed = await Run("messages", "list", "loyalty", "--json");
        listed.ExitCode.ShouldBe(0, listed.ToString());
        listed.Json.GetProperty("counts").GetProperty("loyalty").GetInt64().ShouldBe(4);
        var messages = listed.Json.GetProperty("messages").EnumerateArray().ToList();
        messages.Select(message => message.GetProperty("kind").GetString()).Order().ShouldBe(["failed", "failed", "failed", "skipped"]);
        messages.ShouldAllBe(message => message.GetProperty("message").GetString()!.Length > 0);
        var ids = messages.ConvertAll(message => message.GetProperty("id").GetGuid());
        ids.Distinct().Count().ShouldBe(4);
        var skipped = messages.Single(message => message.GetProperty("kind").GetString() == "skipped");
        skipped.GetProperty("id").GetGuid().ShouldBe(Guid.Parse("0b0f4ab1-31a7-4f19-9f1e-6d4c1a2b3c4d"));
        skipped.GetProperty("type").GetString().ShouldBe("Platform.Contracts.Users.UserPromoted");
        await Eventually.Passes(async () => (await Health()).ShouldBe(("degraded", "3 failed, 1 skipped")), Ct);

        foreach (var id in ids)
        {
            (await Run("messages", "show", id.ToString())).ExitCode.ShouldBe(0, "the id is the same at every read");
        }

        // Requeued, each fails again and returns to its queue.
        (await Run("messages", "requeue", "--all", "--service", "loyalty")).Output.ShouldContain("sent 4 again");
        await Eventually.Get(Waiting, waiting => waiting == (3u, 1u), Ct);

        var chosen = (await Ids())[0];
        (await Run("messages", "discard", chosen.ToString(), "--dry-run")).Output.ShouldContain("would discard 1");
        (await Run("messages", "discard", chosen.ToString(), "--json")).Json.GetProperty("messages")[0].GetProperty("id").GetGuid().ShouldBe(chosen);
        (await Ids()).ShouldNotContain(chosen);
        (await Run("messages", "discard")).ExitCode.ShouldBe(2, "neither ids nor --all");
        (await Run("messages", "discard", "--all")).Output.ShouldContain("discarded 3");
        (await Run("messages", "list")).Output.Trim().ShouldBe("no failed messages");
        await Eventually.Passes(async () => (await Health()).Status.ShouldBe("healthy"), Ct);
    }

    [Fact]
    public async Task Messages_survive_dozens_of_consumer_deaths_and_are_then_handled()
    {
        var people = await GivenPrefetched(30);

        await Die(times: 25, people.Count);
        await StartLoyalty();

        foreach (var person in people)
        {
            await AccountIsOpen(person);
        }

        (await Waiting()).ShouldBe((0u, 0u));
    }

    [Fact]
    public async Task Messages_whose_consumer_always_dies_go_to_the_error_queue_and_none_is_lost()
    {
        var people = await GivenPrefetched(30);

        await Die(times: 101, people.Count);

        await Eventually.Get(Waiting, waiting => waiting == (30u, 0u), Ct);
        var listed = await Run("messages", "list", "loyalty");
        listed.Output.ShouldContain("It came back too often");
        await StartLoyalty();
        (await Run("messages", "requeue", "--all")).Output.ShouldContain("sent 30 again");
        foreach (var person in people)
        {
            await AccountIsOpen(person);
        }
    }

    private async Task StartLoyalty() => _loyalty = await ServiceProcess.Start("loyalty", _database, _broker, Ct);

    private async Task<IReadOnlyList<UserId>> GivenPrefetched(int count)
    {
        var people = Enumerable.Range(100, count).Select(id => new UserId(id)).ToList();
        foreach (var person in people)
        {
            await Registered(person);
        }

        return people;
    }

    /// <summary>Takes all messages like the service and drops the connection before any is acknowledged.</summary>
    private async Task Die(int times, int messages)
    {
        for (var death = 0; death < times; death++)
        {
            var connection = await new ConnectionFactory { Uri = _broker.Address }.CreateConnectionAsync(Ct);
            var channel = await connection.CreateChannelAsync(cancellationToken: Ct);
            await channel.BasicQosAsync(0, 64, global: false, Ct);
            await Eventually.IsTrue(async () => await _broker.Waiting("loyalty", Ct) == messages, Ct);
            for (var taken = 0; taken < messages; taken++)
            {
                (await channel.BasicGetAsync("loyalty", autoAck: false, Ct)).ShouldNotBeNull();
            }

            await connection.AbortAsync(cancellationToken: Ct);
            await connection.DisposeAsync();
        }
    }

    private async Task Send(string body)
    {
        await using var channel = await _connection.CreateChannelAsync(new CreateChannelOptions(true, true), Ct);
        var properties = new BasicProperties { ContentType = "application/vnd.masstransit+json", Persistent = true };
        await channel.BasicPublishAsync("", "loyalty", mandatory: true, properties, Encoding.UTF8.GetBytes(body), Ct);
    }

    private Task Registered(UserId person) => _broker.Publish(
        new UserRegistered
        {
            UserId = person,
            FullName = "Анна Петрова",
            Language = "ru",
            PhoneVerified = true,
            PhoneSeenBefore = false,
            RegisteredAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
            Version = 1,
        },
        Ct);

    private Task AccountIsOpen(UserId person) => Eventually.IsTrue(
        () => _database.Scalar<bool>("select exists (select from loyalty.accounts where user_id = $1)", Ct, person.Value), Ct);

    private async Task<IReadOnlyList<Guid>> Ids() =>
        [.. (await Run("messages", "list", "--json")).Json.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("id").GetGuid())];

    private async Task<(uint Failed, uint Skipped)> Waiting() => (await _broker.Waiting("loyalty_error", Ct), await _broker.Waiting("loyalty_skipped", Ct));

    private async Task<(string? Status, string? Note)> Health()
    {
        using var client = _loyalty!.Client(token: null);
        var check = (await client.GetFromJsonAsync<JsonElement>("/health/ready", Ct)).GetProperty("checks").EnumerateArray()
            .Single(check => check.GetProperty("name").GetString() == "messages");
        return (check.GetProperty("status").GetString(), check.TryGetProperty("note", out var note) ? note.GetString() : null);
    }

    private Task<CommandOutcome> Run(params string[] arguments) => PlatformCommand.Run(Settings, arguments);
}
