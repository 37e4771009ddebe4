using System.Net;
using System.Text;
using MassTransit;
using Microsoft.AspNetCore.DataProtection;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.ServiceTickets;
using Platform.Testing;

namespace Platform.Billing.Tests;

/// <summary>The billing service with registered people and a rate card.</summary>
public sealed class BillingApp() : ServiceApp<Program>("billing")
{
    /// <summary>On the rate card at 1.00.</summary>
    public const string Check = "Проверка";

    /// <summary>On the rate card at 0.80 per 1 000 tokens.</summary>
    public const string Conversation = "Беседа";

    private static long _lastId = 1_000;

    private readonly HandledMessages _handled = new();
    private int _published;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Services.GetRequiredService<IBus>().ConnectReceiveObserver(_handled);
        var card = await ReplaceOperations(GivenAdmin(), new { name = Check, price = 1.00m }, new { name = Conversation, pricePer1000Tokens = 0.80m });
        card.Status.ShouldBe(HttpStatusCode.OK, card.Body);
    }

    public UserId NewUserId() => new(Interlocked.Increment(ref _lastId));

    public StaffId GivenAdmin() => new(Interlocked.Increment(ref _lastId));

    /// <summary>Publishes a registration, as Users does.</summary>
    public Task Register(UserId person, bool verified = true, bool phoneSeenBefore = false, long version = 1) => Publish(
        new UserRegistered
        {
            UserId = person,
            FullName = "Анна Петрова",
            Language = "ru",
            PhoneVerified = verified,
            PhoneSeenBefore = phoneSeenBefore,
            RegisteredAt = Clock.GetUtcNow(),
            Version = version,
        });

    public Task Update(UserId person, bool verified = true, bool phoneSeenBefore = false, long version = 2) => Publish(
        new UserUpdated
        {
            UserId = person,
            FullName = "Анна Петрова",
            Language = "ru",
            PhoneVerified = verified,
            PhoneSeenBefore = phoneSeenBefore,
            MembershipType = MembershipTypes.Free,
            UpdatedAt = Clock.GetUtcNow(),
            Version = version,
        });

    public Task Erase(UserId person) => Publish(new UserErased { UserId = person, ErasedAt = Clock.GetUtcNow(), Version = 9 });

    /// <returns>A person with 50.00 credits; 0.00 if not verified.</returns>
    public async Task<UserId> GivenPerson(bool verified = true, bool phoneSeenBefore = false)
    {
        var person = NewUserId();
        await Register(person, verified, phoneSeenBefore);
        await AccountIsOpen(person);
        return person;
    }

    /// <returns>A person with 100.00 credits, who may be charged for any operation.</returns>
    public async Task<UserId> GivenTestAccount()
    {
        var person = await GivenPerson();
        var marked = await MarkTestAccount(GivenAdmin(), person, isTestAccount: true);
        marked.Status.ShouldBe(HttpStatusCode.OK, marked.Body);
        return person;
    }

    public Task AccountIsOpen(UserId person) =>
        Eventually.IsTrue(() => Database.Scalar<bool>("select exists (select from billing.user_balances where user_id = $1)", Ct, person.Value), Ct);

    /// <summary>Waits until the service has handled every event published so far.</summary>
    public Task AllIsHandled() => Eventually.IsTrue(() => Task.FromResult(_handled.Count >= Volatile.Read(ref _published)), Ct);

    /// <summary>A bot that acts for a person: it may price operations that are not on the card.</summary>
    public HttpClient Bot(UserId person) => Client(new TokenSubject(Role.Client, person, Actor: "client-bot"));

    public Task<Answer> GetBalance(UserId person) => Get(Client(person), "/api/billing/balance");

    public Task<Answer> Deduct(UserId person, object deduction, string? key = null) => Post(Client(person), JsonContent.Create(deduction), key);

    public Task<Answer> DeductRaw(UserId person, string body, string? key = null) =>
        Post(Client(person), new StringContent(body, Encoding.UTF8, "application/json"), key);

    /// <summary>A deduction by a bot, for an operation that is not on the card.</summary>
    public Task<Answer> DeductByBot(UserId person, decimal amount, string? key = null, object? metadata = null, string operation = "Что-то от бота") =>
        Post(Bot(person), JsonContent.Create(new { amount, operation, metadata }), key);

    public Task<Answer> ListTransactions(UserId person, string query = "") => Get(Client(person), $"/api/billing/transactions{query}");

    public Task<Answer> ReplaceOperations(StaffId admin, params object[] operations) =>
        Send(Admin(admin), HttpMethod.Put, "/api/billing/operations", JsonContent.Create(new { operations }));

    public Task<Answer> MarkTestAccount(StaffId admin, UserId person, bool isTestAccount) =>
        Send(Admin(admin), HttpMethod.Patch, $"/api/billing/accounts/{person}", JsonContent.Create(new { isTestAccount }));

    /// <summary>A call by another service, with its ticket.</summary>
    public Task<Answer> GetLetterQuota(UserId person, string service = "letters") =>
        Get(First.Client(TicketOf(service)), $"/internal/billing/quota/{person}");

    /// <returns>Another service's ticket for calling this one.</returns>
    public string TicketOf(string service) =>
        new ServiceTicketIssuer(new ServiceName(service), Services.GetRequiredService<IDataProtectionProvider>(), Clock).IssueFor(Service);

    public async Task<decimal> BalanceOf(UserId person) => (decimal)(await Database.Scalar<decimal>(
        "select balance from billing.user_balances where user_id = $1", Ct, person.Value));

    public Task<long> DebitsOf(UserId person) => Database.Scalar<long>(
        "select count(*) from billing.credit_transactions where user_id = $1 and kind = 'debit'", Ct, person.Value);

    /// <returns>Exit code and output of <c>Billing [verb]</c> on this database.</returns>
    public Task<ProcessOutcome> Run(params string[] words) => Run(Database, words);

    public Task<ProcessOutcome> Run(TestDatabase database, params string[] words) => ServiceProcess.Run(
        Repository.Program("Billing"), words,
        [
            new("ConnectionStrings:database", database.Service(Service)),
            new("ConnectionStrings:owner", database.Owner(Service)),
            new("ConnectionStrings:rabbitmq", Broker.Address.ToString()),
        ],
        TimeSpan.FromMinutes(2));

    public async Task ShouldAddUp()
    {
        var verified = await Run("verify");
        verified.ExitCode.ShouldBe(0, verified.Output);
    }

    public static async Task<Answer> Get(HttpClient client, string address)
    {
        using var response = await client.GetAsync(address, Ct);
        return await Answer.Of(response, Ct);
    }

    public static Task<Answer> Post(HttpClient client, HttpContent deduction, string? key = null) =>
        Send(client, HttpMethod.Post, "/api/billing/deduct", deduction, key);

    public static async Task<Answer> Send(HttpClient client, HttpMethod method, string address, HttpContent? body, string? key = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body };
        if (key is not null)
        {
            request.Headers.Add(Idempotency.Header, key);
        }

        using var response = await client.SendAsync(request, Ct);
        return await Answer.Of(response, Ct);
    }

    private Task Publish<TEvent>(TEvent happened) where TEvent : class
    {
        Interlocked.Increment(ref _published);
        return Broker.Publish(happened, Ct);
    }
}
