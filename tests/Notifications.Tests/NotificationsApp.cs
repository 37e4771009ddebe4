using System.Globalization;
using System.Net;
using System.Text.Json;
using MassTransit;
using Platform.Contracts;
using Platform.Contracts.Bots;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(Platform.Notifications.Tests.SharedNotificationsApp))]

namespace Platform.Notifications.Tests;

/// <summary>
/// One host for all classes that take it, which run side by side. Their tests use their own people: a class that moves the clock, allows
/// errors, empties a table, or counts all rows has an <see cref="IClassFixture{TFixture}"/> of its own.
/// </summary>
public sealed class SharedNotificationsApp : NotificationsApp;

/// <summary>The notifications service with its own database and broker: fed with events, queried over HTTP.</summary>
public class NotificationsApp() : ServiceApp<Program>("notifications")
{
    private readonly HandledMessages _handled = new();

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Services.GetRequiredService<IBus>().ConnectReceiveObserver(_handled);
    }

    /// <summary>Publishes events or <see cref="Message"/>s and waits until the service has handled every delivery, even if it changes nothing.</summary>
    public virtual async Task Deliver(params IReadOnlyList<object> happened)
    {
        var messages = happened.Select(happening => happening as Message ?? new Message(happening)).ToList();
        var due = messages.CountBy(message => message.Id)
            .Select(delivered => (Id: delivered.Key, Count: _handled.CountOf(delivered.Key) + delivered.Value)).ToList();
        await Publish(messages);
        await Eventually.IsTrue(() => Task.FromResult(due.All(message => _handled.CountOf(message.Id) >= message.Count)), Ct);
    }

    internal async Task<IReadOnlyList<Message>> Publish(IReadOnlyList<object> happened)
    {
        var messages = happened.Select(happening => happening as Message ?? new Message(happening)).ToList();
        foreach (var message in messages)
        {
            await (message.Event switch
            {
                UserRegistered registered => Broker.Publish(registered, Ct, message.Id),
                UserUpdated updated => Broker.Publish(updated, Ct, message.Id),
                UserBlocked blocked => Broker.Publish(blocked, Ct, message.Id),
                UserErased erased => Broker.Publish(erased, Ct, message.Id),
                UserTokensRevoked revoked => Broker.Publish(revoked, Ct, message.Id),
                UserUnblocked unblocked => Broker.Publish(unblocked, Ct, message.Id),
                BotStarted started => Broker.Publish(started, Ct, message.Id),
                OrderPlaced placed => Broker.Publish(placed, Ct, message.Id),
                OrderRefunded refunded => Broker.Publish(refunded, Ct, message.Id),
                LevelChanged changed => Broker.Publish(changed, Ct, message.Id),
                GiftIssued issued => Broker.Publish(issued, Ct, message.Id),
                GiftRedeemed redeemed => Broker.Publish(redeemed, Ct, message.Id),
                PointsChanged points => Broker.Publish(points, Ct, message.Id),
                PointsExpiring ending => Broker.Publish(ending, Ct, message.Id),
                ManagementReplied replied => Broker.Publish(replied, Ct, message.Id),
                MembershipActivated activated => Broker.Publish(activated, Ct, message.Id),
                MembershipExpiring expiring => Broker.Publish(expiring, Ct, message.Id),
                MembershipExpired expired => Broker.Publish(expired, Ct, message.Id),
                _ => throw new ArgumentException($"Notifications does not handle {message.Event.GetType().Name}."),
            });
        }

        return messages;
    }

    public string ClientToken(UserId user) => Token(new TokenSubject(Role.Client, user));

    public string StaffToken(long staffId) => Token(new TokenSubject(Role.Staff, StaffId: new StaffId(staffId)));

    public string BroadcasterToken(long staffId) => Token(new TokenSubject(Role.Staff, StaffId: new StaffId(staffId), MayBroadcast: true));

    public string GuestToken(long telegramId) => Token(new TokenSubject(Role.Guest, TelegramId: new TelegramId(telegramId)));

    public async Task<Answer> Get(string path, string? token)
    {
        using var response = await First.Client(token).GetAsync(new Uri(path, UriKind.Relative), Ct);
        return await Answer.Of(response, Ct);
    }

    /// <param name="key">Sent as <c>Idempotency-Key</c>.</param>
    public Task<Answer> Post(string path, string? token, string? key = null, object? body = null) => Send(HttpMethod.Post, path, token, body, key);

    public Task<Answer> Put(string path, string? token, object body) => Send(HttpMethod.Put, path, token, body, key: null);

    private async Task<Answer> Send(HttpMethod method, string path, string? token, object? body, string? key)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await First.Client(token).SendAsync(request, Ct);
        return await Answer.Of(response, Ct);
    }

    /// <summary>The person's own notifications, up to a hundred.</summary>
    public async Task<IReadOnlyList<JsonElement>> Mine(UserId user) => (await AllPages("/api/notifications/mine?limit=100", ClientToken(user)))[0];

    /// <param name="firstPage">Address of the first page, including a query.</param>
    public async Task<IReadOnlyList<IReadOnlyList<JsonElement>>> AllPages(string firstPage, string token)
    {
        var pages = new List<IReadOnlyList<JsonElement>>();
        for (string? next = ""; next is not null;)
        {
            var answer = await Get(next.Length == 0 ? firstPage : $"{firstPage}&after={Uri.EscapeDataString(next)}", token);
            answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
            var page = JsonSerializer.Deserialize<JsonElement>(answer.Body);
            pages.Add([.. page.GetProperty("items").EnumerateArray()]);
            next = (string?)page.Json("next");
        }

        return pages;
    }

    public async Task Execute(string sql)
    {
        await using var command = Database.Open(Database.Service(Service)).CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }

    public async Task<long> Count(string sql)
    {
        await using var command = Database.Open(Database.Service(Service)).CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Ct), CultureInfo.InvariantCulture);
    }

    /// <summary>From now on <see cref="Taken"/> says when senders took messages, by their clock.</summary>
    public Task RecordTaken() => Database.Execute(
        """
        create table if not exists notifications.taken (at timestamptz not null);
        truncate notifications.taken;
        create or replace function notifications.record_taken() returns trigger language plpgsql security definer as $$
        begin
            insert into notifications.taken (at) values (new.sending_since);
            return null;
        end $$;
        create or replace trigger record_taken after update of sending_since on notifications.queue
            for each row when (new.sending_since is not null) execute function notifications.record_taken()
        """, Ct);

    public async Task<IReadOnlyList<DateTime>> Taken() => await Database.Column<DateTime>("select at from notifications.taken order by at", Ct);

    public async Task<IReadOnlyList<string>> Column(string sql)
    {
        await using var command = Database.Open(Database.Service(Service)).CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync(Ct);
        var values = new List<string>();
        while (await rows.ReadAsync(Ct))
        {
            values.Add(rows.GetString(0));
        }

        return values;
    }
}

/// <summary>A message on the broker. Published again, it has the same id.</summary>
internal sealed record Message(object Event)
{
    public Guid Id { get; } = Guid.CreateVersion7();
}

internal static class JsonOfAnswers
{
    /// <summary>A field's value: text, a whole number as <see cref="long"/>, or null.</summary>
    public static object? Json(this JsonElement item, string name) => item.GetProperty(name) switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetInt64(),
        { ValueKind: JsonValueKind.Null } => null,
        var text => text.GetString(),
    };
}
