using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Database.Jobs;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Analytics;
using Platform.Loyalty.Codes;
using Platform.Loyalty.Feedback;
using Platform.Loyalty.Gifts;
using Platform.Loyalty.Guests;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Referrals;
using Platform.Loyalty.Rewards;
using Platform.Loyalty.StampCards;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(Platform.Loyalty.Tests.SharedLoyaltyApp))]

namespace Platform.Loyalty.Tests;

/// <summary>
/// One host for all classes that take it, which run side by side. Their tests use their own guests and staff: a class that moves the
/// clock, edits points or levels, allows errors, or counts all rows has an <see cref="IClassFixture{TFixture}"/> of its own.
/// </summary>
public sealed class SharedLoyaltyApp : LoyaltyApp;

/// <summary>The loyalty service with registered guests and staff.</summary>
public class LoyaltyApp() : ServiceApp<Program>("loyalty")
{
    private static long _lastId = 1_000;

    private static readonly StaffId AnAdmin = new(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public UserId NewUserId() => new(Interlocked.Increment(ref _lastId));

    /// <summary>Publishes a registration, as Users does.</summary>
    public Task Register(
        UserId guest,
        string fullName = "Анна Петрова",
        string? phone = null,
        bool phoneVerified = true,
        bool phoneSeenBefore = false,
        string? memberId = null,
        DateOnly? birthDate = null) => Broker.Publish(
        new UserRegistered
        {
            UserId = guest,
            FullName = fullName,
            Language = "ru",
            BirthDate = birthDate,
            Phone = phone,
            PhoneVerified = phoneVerified,
            PhoneSeenBefore = phoneSeenBefore,
            MemberId = memberId,
            RegisteredAt = Clock.GetUtcNow(),
            Version = 1,
        },
        Ct);

    public Task Update(
        UserId guest,
        string fullName,
        long version,
        string? phone = null,
        bool phoneVerified = true,
        bool phoneSeenBefore = false,
        string? memberId = null,
        DateOnly? birthDate = null) => Broker.Publish(
        new UserUpdated
        {
            UserId = guest,
            FullName = fullName,
            Language = "ru",
            BirthDate = birthDate,
            Phone = phone,
            PhoneVerified = phoneVerified,
            PhoneSeenBefore = phoneSeenBefore,
            MemberId = memberId,
            MembershipType = MembershipTypes.Free,
            UpdatedAt = Clock.GetUtcNow(),
            Version = version,
        },
        Ct);

    /// <summary>Publishes an erasure, as Users does, and waits until it is handled.</summary>
    public async Task Erase(UserId guest, long version = 2)
    {
        await Broker.Publish(new UserErased { UserId = guest, ErasedAt = Clock.GetUtcNow(), Version = version }, Ct);
        await Eventually.IsTrue(
            () => Database.Scalar<bool>("select exists (select from loyalty.guest_names where user_id = $1 and erased_at is not null)", Ct, guest.Value), Ct);
    }

    public Task<string?> NameOf(UserId guest) => Database.Scalar<string?>("select full_name from loyalty.guest_names where user_id = $1", Ct, guest.Value);

    /// <param name="points">Earned by orders, which also set the level.</param>
    public async Task<UserId> GivenGuest(long points = 0, string fullName = "Анна Петрова")
    {
        var guest = NewUserId();
        await Register(guest, fullName);
        await Eventually.IsTrue(() => Database.Scalar<bool>("select exists (select from loyalty.accounts where user_id = $1)", Ct, guest.Value), Ct);
        if (points > 0)
        {
            await GivenPoints(guest, points);
        }

        return guest;
    }

    public async Task GivenPoints(UserId guest, long points)
    {
        // Orders are limited to 100 000. The first one makes the guest gold, so the second earns 1.1 times as much.
        var first = Math.Min(points, 1000);
        await GivenOrder(guest, await GivenStaff(), first * 100);
        if (points > first)
        {
            await GivenOrder(guest, await GivenStaff(), Math.Ceiling((points - first) / 1.1m) * 100);
        }

        (await BalanceOf(guest)).Points.ShouldBe(points);
    }

    public Task<StaffId> GivenStaff() => Task.FromResult(new StaffId(Interlocked.Increment(ref _lastId)));

    public async Task<string> GivenCode(UserId guest, int secondsAgo = 0)
    {
        // Makes earlier codes look old, so that the limit of codes does not apply. Rows locked by concurrent calls are skipped.
        await Database.Execute(
            """
            update loyalty.payment_codes set issued_at = issued_at - interval '5 minutes' where code in (
                select code from loyalty.payment_codes
                where user_id = $1 and (used_at is not null or replaced_at is not null) and issued_at > $2 for update skip locked)
            """,
            Ct, guest.Value, Clock.GetUtcNow() - TimeSpan.FromMinutes(5));
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

    /// <summary>Six digits that were not issued to anyone.</summary>
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
        Database.Execute(
            """
            update loyalty.rate_limits set taken_at = array(select taken - interval '1 minute' from unnest(taken_at) taken)
            where limit_name = 'wrong_codes' and subject = $1
            """,
            Ct, $"staff:{staff}");

    public Task<Answer> GenerateCode(UserId guest, string? key = null) => Post(Client(guest), "/api/loyalty/codes", null, key);

    public Task<Answer> GenerateCodeAsUnregistered(TelegramId telegramId) => Post(Guest(telegramId), "/api/loyalty/codes", null);

    public Task<Answer> GenerateCodeAnonymously() => Post(Anonymous, "/api/loyalty/codes", null);

    public Task<Answer> PlaceOrder(StaffId staff, object order, string? key = null) =>
        Post(Staff(staff), "/api/loyalty/orders", JsonContent.Create(order), key);

    public Task<Answer> PlaceOrderRaw(StaffId staff, string body, string? key = null) =>
        Post(Staff(staff), "/api/loyalty/orders", new StringContent(body, Encoding.UTF8, "application/json"), key);

    public Task<Answer> PlaceOrderAs(UserId guest, object order) => Post(Client(guest), "/api/loyalty/orders", JsonContent.Create(order));

    public Task<Answer> PlaceOrderAnonymously(object order) => Post(Anonymous, "/api/loyalty/orders", JsonContent.Create(order));

    public Task<Answer> PlaceOrder(HttpClient caller, object order) => Post(caller, "/api/loyalty/orders", JsonContent.Create(order));

    public Task<Answer> CheckCode(StaffId staff, string code) => CheckCode(Staff(staff), code);

    public Task<Answer> CheckCode(HttpClient caller, string code) => Post(caller, "/api/loyalty/codes/check", JsonContent.Create(new { code }));

    public Task<Answer> Preview(StaffId staff, object order) => Preview(Staff(staff), order);

    public Task<Answer> Preview(HttpClient caller, object order) => Post(caller, "/api/loyalty/orders/preview", JsonContent.Create(order));

    /// <summary>A member of staff who is also a guest.</summary>
    public HttpClient Staff(StaffId staff, UserId guest) => Client(new TokenSubject(Role.Staff, guest, StaffId: staff, Actor: "barista-bot"));

    public Task<Answer> GetOrder(StaffId staff, OrderId order) => GetOrder(Staff(staff), order);

    public Task<Answer> GetOrder(HttpClient caller, OrderId order) => Get(caller, $"/api/loyalty/orders/{order}");

    public Task<Answer> GetOrderAsAdmin(OrderId order) => Get(Admin(AnAdmin), $"/api/loyalty/orders/{order}");

    /// <param name="query">Including the question mark.</param>
    public Task<Answer> ListAlerts(string query = "") => Get(Admin(AnAdmin), $"/api/loyalty/alerts{query}");

    public HttpClient Manager() => Manager(new StaffId(Interlocked.Increment(ref _lastId)));

    /// <returns>The id of a new, active shop.</returns>
    public async Task<string> GivenShop(string name = "Мира, 5")
    {
        var id = $"shop-{Interlocked.Increment(ref _lastId)}";
        (await Post(Owner(), "/api/loyalty/shops", new { id, name })).Status.ShouldBe(HttpStatusCode.Created);
        return id;
    }

    public Task<Answer> GetCode(UserId guest, string code) => Get(Client(guest), $"/api/loyalty/codes/{code}");

    public async Task<OrderId> GivenOrder(UserId guest, StaffId staff, decimal amount, long spendPoints = 0)
    {
        var order = await PlaceOrder(staff, new { code = await GivenCode(guest), amount, spendPoints });
        order.Status.ShouldBe(HttpStatusCode.Created, order.Body);
        return new OrderId((long)order.Json("orderId")!);
    }

    /// <param name="amount">Null for everything left.</param>
    public Task<Answer> Refund(StaffId staff, OrderId order, decimal? amount = null, string? key = null) =>
        Refund(Staff(staff), order, AmountOrWhole(amount), key);

    public Task<Answer> RefundAsAdmin(OrderId order, decimal? amount = null, string? key = null) =>
        Refund(Admin(AnAdmin), order, AmountOrWhole(amount), key);

    public Task<Answer> Refund(HttpClient caller, OrderId order, object body, string? key = null) =>
        Post(caller, $"/api/loyalty/orders/{order}/refund", JsonContent.Create(body), key);

    public HttpClient Manager(StaffId staff) => Client(new TokenSubject(Role.Staff, StaffId: staff, StaffRole: StaffRole.Manager));

    public HttpClient Owner() => Client(new TokenSubject(Role.Staff, StaffId: new StaffId(2), StaffRole: StaffRole.Owner));

    public Task<Answer> IssueGift(HttpClient caller, object gift, string? key = null) =>
        Post(caller, "/api/loyalty/gifts", JsonContent.Create(gift), key);

    public async Task<GiftId> GivenGift(UserId guest, string title = "Капучино", int? validDays = null)
    {
        var gift = await IssueGift(Staff(await GivenStaff()), new { userId = guest, title, validDays });
        gift.Status.ShouldBe(HttpStatusCode.Created, gift.Body);
        return new GiftId((long)gift.Json("giftId")!);
    }

    public Task<Answer> RedeemGift(HttpClient caller, GiftId gift, OrderId? order = null, string? key = null) =>
        Post(caller, $"/api/loyalty/gifts/{gift}/redeem", order is null ? null : JsonContent.Create(new { orderId = order }), key);

    /// <param name="query">Including the question mark.</param>
    public Task<Answer> GiftsOf(UserId guest, string query = "") => Get(Client(guest), $"/api/loyalty/accounts/me/gifts{query}");

    /// <summary>The guest's gifts, newest first, as answered by the API.</summary>
    public async Task<IReadOnlyList<(string Title, string Reason, string State)>> ListedGifts(UserId guest)
    {
        var gifts = await GiftsOf(guest);
        gifts.Status.ShouldBe(HttpStatusCode.OK, gifts.Body);
        return
        [
            .. JsonNode.Parse(gifts.Body)!["items"]!.AsArray()
                .Select(gift => ((string)gift!["title"]!, (string)gift["reason"]!, (string)gift["state"]!)),
        ];
    }

    public async Task<RewardId> GivenReward(long cost = 10, int? stock = null, bool active = true, string title = "Термокружка")
    {
        var reward = await Post(Owner(), "/api/loyalty/rewards", JsonContent.Create(new { title, cost, stock, active }));
        reward.Status.ShouldBe(HttpStatusCode.Created, reward.Body);
        return new RewardId((long)reward.Json("rewardId")!);
    }

    public Task<Answer> BuyReward(UserId guest, RewardId reward, string? key = null) =>
        Post(Client(guest), $"/api/loyalty/rewards/{reward}/buy", null, key);

    public async Task<StampCardId> GivenStampCard(int n, bool active = true)
    {
        var card = await Post(Owner(), "/api/loyalty/stamp-cards", JsonContent.Create(new { title = $"Каждый {n}-й", n, reward = "Кофе в подарок", active }));
        card.Status.ShouldBe(HttpStatusCode.Created, card.Body);
        return new StampCardId((long)card.Json("stampCardId")!);
    }

    /// <summary>How many messages of a handler were handled, all guests together.</summary>
    public Task<long> HandledBy(string handler) =>
        Database.Scalar<long>("select count(*) from loyalty.inbox where consumer = $1", Ct, handler);

    public Task<Answer> Call(HttpClient caller, string address) => Get(caller, address);

    public async Task<Answer> Put(HttpClient caller, string address, object body)
    {
        using var response = await caller.PutAsync(address, JsonContent.Create(body), Ct);
        return await Answer.Of(response, Ct);
    }

    public Task<Answer> Post(HttpClient caller, string address, object? body, string? key = null) =>
        Post(caller, address, body is null ? null : JsonContent.Create(body), key);
    /// <summary>Changes points as bonuses, rewards and adjustments do.</summary>
    /// <returns>The outcome, and the points afterwards.</returns>
    public Task<string> ChangePoints(UserId guest, long change, string reason, string source, DateTimeOffset? expiresAt = null) => AsService<string>(
        """
        select format('%s %s', outcome, balance)
        from change_points($1, $2, $3, $4, '{"rule": "test"}', $5, gen_random_uuid(), null, $6::timestamptz)
        """,
        guest.Value, change, reason, source, Clock.GetUtcNow(), expiresAt?.ToString("O", CultureInfo.InvariantCulture) ?? (object)DBNull.Value);

    /// <summary>Runs a pass of a job now.</summary>
    public async Task RunJob<TJob>() where TJob : IJob
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TJob>().Run(Ct);
    }

    /// <summary>The first column of the first row, read with the rights and the schema of the service.</summary>
    public async Task<T> AsService<T>(string sql, params object[] values)
    {
        await using var command = Database.Open(Database.Service(Service)).CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return (T)(await command.ExecuteScalarAsync(Ct))!;
    }

    /// <param name="rest">Further columns and their values, such as <c>multiplier = 2</c>.</param>
    public async Task<long> GivenCampaign(string title, string rest, TimeSpan? startsIn = null, TimeSpan? endsIn = null)
    {
        var parts = rest.Split(" = ");
        return await AsService<long>(
            $"""
            insert into campaigns (title, starts_at, ends_at, active, created_at, {parts[0]}) values ($1, $2, $3, true, $2, {parts[1]}) returning id
            """,
            title, Clock.GetUtcNow() + (startsIn ?? TimeSpan.Zero), Clock.GetUtcNow() + (endsIn ?? TimeSpan.FromDays(1)));
    }

    /// <summary>The guest's lots, oldest first, as <c>points left of points</c>.</summary>
    public Task<IReadOnlyList<string>> LotsOf(UserId guest) => Database.Column<string>(
        "select format('%s of %s', points_left, points) from loyalty.point_lots where user_id = $1 order by entry_id", Ct, guest.Value);

    public Task<IReadOnlyList<string>> EntriesOf(UserId guest) => Database.Column<string>(
        "select format('%s %s %s %s', reason, delta, debt_delta, balance_after) from loyalty.point_entries where user_id = $1 order by id", Ct, guest.Value);

    public Task<Answer> GetMyAccount(UserId guest) => Get(Client(guest), "/api/loyalty/accounts/me");

    public Task<Answer> GetAccount(UserId whose, UserId asGuest) => Get(Client(asGuest), $"/api/loyalty/accounts/{whose}");

    public Task<Answer> GetAccount(UserId whose, StaffId asStaff) => Get(Staff(asStaff), $"/api/loyalty/accounts/{whose}");

    /// <summary>The guest's points and level, as answered by the API.</summary>
    public async Task<(Points Points, string Level)> Account(UserId guest)
    {
        var account = await GetMyAccount(guest);
        account.Status.ShouldBe(HttpStatusCode.OK, account.Body);
        return (new Points((long)account.Json("points")!), (string)account.Json("level")!);
    }

    /// <summary>The guest's points and debt, as answered by the API.</summary>
    public async Task<(long Points, long Debt)> BalanceOf(UserId guest)
    {
        var account = await GetMyAccount(guest);
        account.Status.ShouldBe(HttpStatusCode.OK, account.Body);
        return ((long)account.Json("points")!, (long)account.Json("debt")!);
    }

    public Task<long> RefundsOf(OrderId order) => Database.Scalar<long>("select count(*) from loyalty.refunds where order_id = $1", Ct, order.Value);

    public Task<long> AlertsOf(StaffId staff) => Database.Scalar<long>("select count(*) from loyalty.alerts where staff_id = $1", Ct, staff.Value);

    public Task<long> OrdersOf(UserId guest) => Database.Scalar<long>("select count(*) from loyalty.orders where user_id = $1", Ct, guest.Value);

    public Task<long> LiveCodesOf(UserId guest) => Database.Scalar<long>(
        "select count(*) from loyalty.payment_codes where user_id = $1 and used_at is null and replaced_at is null", Ct, guest.Value);

    public Task<TEvent> Published<TEvent>(Func<TEvent, bool> which) where TEvent : class => Broker.Published(which, Ct);

    /// <summary>Runs the checks of <c>Loyalty verify</c> in this process.</summary>
    public async Task<long> RowsThatDiffer()
    {
        var rows = Database.Open(Database.Service(Service));
        var found = 0L;
        string[] checks =
        [
            PointsLedger.SumsThatDiffer, PointsLedger.DebtsThatDiffer, PointsLedger.BrokenChains, PointsLedger.LifetimePointsThatDiffer,
            PointsLedger.LevelsThatDiffer, PointsLedger.LotsThatDiffer, PointsLedger.LotsWithOtherUses, PointsLedger.EntriesWithoutLots,
            OrderChecks.SpendThatDiffers, OrderChecks.OrdersOfALevelThatIsGone, OrderChecks.OrdersOfAnotherRule,
            RefundChecks.OrdersThatDiffer, RefundChecks.EntriesThatDiffer, RefundChecks.CorrectionsThatDiffer,
            FeedbackChecks.TextsOfErasedGuests, FeedbackChecks.ReviewsOfOthersOrders, DayTotalsChecks.DaysThatDiffer,
            GuestChecks.CopiesThatDiffer, GiftChecks.RedeemedByNobody, GiftChecks.RedeemedWithOtherOrders, RewardChecks.StockThatDiffers,
            RewardChecks.EntriesThatDiffer, StampChecks.OrdersThatDiffer, StampChecks.GiftsOfTooFewStamps, ReferralChecks.EntriesThatDiffer,
            ReferralChecks.StartBonusesThatDiffer,
        ];
        foreach (var check in checks)
        {
            await using var command = rows.CreateCommand($"select count(*) from ({check}) differing");
            found += (long)(await command.ExecuteScalarAsync(Ct))!;
        }

        return found;
    }

    /// <returns>The exit code of <c>Loyalty verify</c> on this database.</returns>
    public async Task<int> Verify() => (await Run("verify")).ExitCode;

    public Task<ProcessOutcome> Run(params string[] words) => ServiceProcess.Run(
        Repository.Program("Loyalty"),
        words,
        [
            new("ConnectionStrings:owner", Database.Owner(Service)),
            new("ConnectionStrings:database", Database.Service(Service)),
            new("ConnectionStrings:rabbitmq", Broker.Address.ToString()),
        ],
        TimeSpan.FromMinutes(1));

    /// <summary>Adds a point without a ledger entry; disposing takes it back.</summary>
    public async Task<IAsyncDisposable> WithTamperedPoints(UserId guest)
    {
        await Database.Execute("update loyalty.accounts set points = points + 1 where user_id = $1", Ct, guest.Value);
        return new Undo(() => Database.Execute("update loyalty.accounts set points = points - 1 where user_id = $1", Ct, guest.Value));
    }

    private static object AmountOrWhole(decimal? amount) => amount is null ? new { whole = true } : new { amount };

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

    private sealed class Undo(Func<Task> undo) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await undo();
    }
}
