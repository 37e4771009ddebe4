using System.Net;
using System.Text;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Loyalty.Codes;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

namespace Platform.Loyalty.Tests;

/// <summary>The loyalty service with guests, who have registered, and staff.</summary>
public sealed class LoyaltyApp() : ServiceApp<Program>("loyalty")
{
    private static long _lastId = 1_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public UserId NewUserId() => new(Interlocked.Increment(ref _lastId));

    /// <summary>Users tells of a registration.</summary>
    public Task Register(UserId guest) => Broker.Publish(
        new UserRegistered
        {
            UserId = guest,
            FullName = "Анна Петрова",
            Language = "ru",
            PhoneVerified = true,
            PhoneSeenBefore = false,
            RegisteredAt = Clock.GetUtcNow(),
            Version = 1,
        },
        Ct);

    /// <param name="points">Earned by an order, so his level is what it is by them.</param>
    public async Task<UserId> GivenGuest(long points = 0)
    {
        var guest = NewUserId();
        await Register(guest);
        await Eventually.IsTrue(() => Database.Scalar<bool>("select exists (select from loyalty.accounts where user_id = $1)", Ct, guest.Value), Ct);
        if (points > 0)
        {
            await GivenPoints(guest, points);
        }

        return guest;
    }

    public async Task GivenPoints(UserId guest, long points)
    {
        var order = await PlaceOrder(await GivenStaff(), new { code = await GivenCode(guest), amount = points * 100 });
        order.Status.ShouldBe(HttpStatusCode.Created, order.Body);
    }

    public Task<StaffId> GivenStaff() => Task.FromResult(new StaffId(Interlocked.Increment(ref _lastId)));

    public async Task<string> GivenCode(UserId guest, int secondsAgo = 0)
    {
        var answer = await GenerateCode(guest);
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Body);
        var code = (string)answer.Json("code")!;
        if (secondsAgo > 0)
        {
            await Database.Execute(
                "update loyalty.payment_codes set issued_at = issued_at - $1, expires_at = expires_at - $1 where code = $2",
                Ct, TimeSpan.FromSeconds(secondsAgo), code);
        }

        return code;
    }

    /// <summary>Six digits that nobody was given.</summary>
    public async Task<string> FreeCode()
    {
        while (true)
        {
            var code = PaymentCode.Draw();
            if (!await Database.Scalar<bool>("select exists (select from loyalty.payment_codes where code = $1)", Ct, code))
            {
                return code;
            }
        }
    }

    public Task GivenMinutePassedFor(StaffId staff) =>
        Database.Execute("update loyalty.wrong_codes set window_started_at = window_started_at - interval '1 minute' where staff_id = $1", Ct, staff.Value);

    public Task<Answer> GenerateCode(UserId guest, string? key = null) => Post(Client(guest), "/api/loyalty/codes", null, key);

    public Task<Answer> GenerateCodeAsUnregistered(TelegramId telegramId) => Post(Guest(telegramId), "/api/loyalty/codes", null);

    public Task<Answer> GenerateCodeAnonymously() => Post(Anonymous, "/api/loyalty/codes", null);

    public Task<Answer> PlaceOrder(StaffId staff, object order, string? key = null) => Post(Staff(staff), "/api/loyalty/orders", JsonContent.Create(order), key);

    public Task<Answer> PlaceOrderRaw(StaffId staff, string body, string? key = null) =>
        Post(Staff(staff), "/api/loyalty/orders", new StringContent(body, Encoding.UTF8, "application/json"), key);

    public Task<Answer> PlaceOrderAs(UserId guest, object order) => Post(Client(guest), "/api/loyalty/orders", JsonContent.Create(order));

    public Task<Answer> PlaceOrderAnonymously(object order) => Post(Anonymous, "/api/loyalty/orders", JsonContent.Create(order));

    public Task<Answer> GetMyAccount(UserId guest) => Get(Client(guest), "/api/loyalty/accounts/me");

    public Task<Answer> GetAccount(UserId whose, UserId asGuest) => Get(Client(asGuest), $"/api/loyalty/accounts/{whose}");

    public Task<Answer> GetAccount(UserId whose, StaffId asStaff) => Get(Staff(asStaff), $"/api/loyalty/accounts/{whose}");

    /// <summary>What his account says of his points and level.</summary>
    public async Task<(Points Points, string Level)> Account(UserId guest)
    {
        var account = await GetMyAccount(guest);
        account.Status.ShouldBe(HttpStatusCode.OK, account.Body);
        return (new Points((long)account.Json("points")!), (string)account.Json("level")!);
    }

    public Task<long> OrdersOf(UserId guest) => Database.Scalar<long>("select count(*) from loyalty.orders where user_id = $1", Ct, guest.Value);

    public Task<long> LiveCodesOf(UserId guest) => Database.Scalar<long>(
        "select count(*) from loyalty.payment_codes where user_id = $1 and used_at is null and replaced_at is null", Ct, guest.Value);

    public Task<TEvent> Published<TEvent>(Func<TEvent, bool> which) where TEvent : class => Broker.Published(which, Ct);

    /// <returns>The exit code of <c>Loyalty verify</c> on this database.</returns>
    public async Task<int> Verify()
    {
        var outcome = await ServiceProcess.Run(
            Repository.Program("Loyalty"), ["verify"],
            [new("ConnectionStrings:database", Database.Service(Service)), new("ConnectionStrings:rabbitmq", Broker.Address.ToString())],
            TimeSpan.FromMinutes(1));
        return outcome.ExitCode;
    }

    /// <summary>Points that no entry tells of, as somebody with access to the database could make them; taken back at the end.</summary>
    public async Task<IAsyncDisposable> WithTamperedPoints(UserId guest)
    {
        await Database.Execute("update loyalty.accounts set points = points + 1 where user_id = $1", Ct, guest.Value);
        return new TakeBack(() => Database.Execute("update loyalty.accounts set points = points - 1 where user_id = $1", Ct, guest.Value));
    }

    private static async Task<Answer> Get(HttpClient client, string address)
    {
        using var response = await client.GetAsync(address, Ct);
        return await Answer.Of(response, Ct);
    }

    private static async Task<Answer> Post(HttpClient client, string address, HttpContent? body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = body };
        if (key is not null)
        {
            request.Headers.Add(Idempotency.Header, key);
        }

        using var response = await client.SendAsync(request, Ct);
        return await Answer.Of(response, Ct);
    }

    private sealed class TakeBack(Func<Task> undo) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await undo();
    }
}
