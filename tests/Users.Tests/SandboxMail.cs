using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(Platform.Users.Tests.EndOfSharedMail))]

namespace Platform.Users.Tests;

/// <summary>The sandbox as a mail server, in a separate process.</summary>
public sealed partial class SandboxMail : IAsyncDisposable
{
    public const string From = "Coffee <hello@coffee.example>";

    private static readonly int SharedPort = Ports.Free();

    private static readonly Lazy<Task<SandboxMail>> TheShared = new(() => Start(SharedPort));

    private static int _lastAddress;

    private readonly ServiceProcess _process;
    private readonly HttpClient _http;

    private SandboxMail(ServiceProcess process, string url) => (_process, Url, _http) = (process, url, process.Client(token: null));

    /// <summary>The service's <c>SMTP_URL</c>; nothing listens there before <see cref="Shared"/>.</summary>
    public static string SharedUrl => UrlFor(SharedPort);

    public string Url { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The server shared by all tests that do not break it.</summary>
    public static Task<SandboxMail> Shared() => TheShared.Value;

    /// <summary>Called after the last test. The server is started only when a test needs it.</summary>
    internal static async Task StopShared()
    {
        if (TheShared.IsValueCreated)
        {
            await (await Shared()).DisposeAsync();
        }
    }

    /// <summary>A server for one test.</summary>
    public static Task<SandboxMail> Start() => Start(Ports.Free());

    /// <summary>An address that no one else in these tests has.</summary>
    public static string NewAddress() => $"anna.{Interlocked.Increment(ref _lastAddress)}@example.com";

    /// <summary>Mail to an address, oldest first.</summary>
    public async Task<IReadOnlyList<Mail>> To(string address) => (await _http.GetFromJsonAsync<IReadOnlyList<Mail>>(
        $"/control/mail?to={Uri.EscapeDataString(address)}", JsonSerializerOptions.Web, Ct))!;

    /// <summary>The code of the last mail to an address.</summary>
    public async Task<string> CodeTo(string address) => Code().Match((await To(address))[^1].Text).Value;

    /// <param name="kind">As for <c>PUT /control/mail/fault</c>; null to accept mail again.</param>
    public async Task Fault(string? kind)
    {
        using var answer = await _http.PutAsJsonAsync("/control/mail/fault", new { kind }, Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private static async Task<SandboxMail> Start(int port) =>
        new(await ServiceProcess.Start("sandbox", [new("Sandbox:MailPort", $"{port}")], CancellationToken.None), UrlFor(port));

    private static string UrlFor(int port) => $"smtp://127.0.0.1:{port}?tls=off";

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex Code();

    public sealed record Mail(string From, IReadOnlyList<string> To, string Subject, string Text);
}

/// <summary>Ends the sandbox that all tests share.</summary>
public sealed class EndOfSharedMail : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await SandboxMail.StopShared();
}

/// <summary>Helpers for people with an e-mail address.</summary>
public static class PeopleWithMail
{
    /// <summary>Requests a code and reads it from the mailbox.</summary>
    /// <param name="token">The caller's token; without one the code works only with its request id.</param>
    public static async Task<MailedCode> CodeFor(this UsersApp app, string email, string? token = null)
    {
        var mail = await SandboxMail.Shared();
        var asked = await app.Post("/api/auth/email", new { email }, token);
        asked.Status.ShouldBe(HttpStatusCode.Accepted);
        return new MailedCode(email, await mail.CodeTo(email), (string)asked.Json("requestId")!);
    }

    public static Task<Answer> Confirm(this UsersApp app, MailedCode code) => app.Post("/api/auth/email/confirm", code.Body);

    public static async Task<Answer> SignInByEmail(this UsersApp app, string email) => await app.Confirm(await app.CodeFor(email));

    public static async Task<Answer> ChangeEmail(this UsersApp app, Person person, string email) =>
        await app.Put("/api/users/me/email", (await app.CodeFor(email)).Body, person.Token);

    /// <summary>A person with a proven address.</summary>
    public static async Task<Person> GivenPersonWith(this UsersApp app, string email)
    {
        var person = await app.GivenPerson();
        (await app.ChangeEmail(person, email)).Status.ShouldBe(HttpStatusCode.OK);
        return person;
    }

    /// <summary>A person whose phone a bot has verified.</summary>
    public static async Task<Person> GivenVerifiedPerson(this UsersApp app, string phone, Contracts.TelegramId? returning = null)
    {
        var telegramId = returning ?? UsersApp.NewTelegramId();
        var registered = await app.Register(
            await app.TokenByBot(telegramId), new { fullName = "Анна Смирнова", phone, consentPersonalData = true, phoneVerified = true });
        registered.Status.ShouldBe(HttpStatusCode.Created);
        return new Person(telegramId, new Contracts.UserId((long)registered.Json("id")!), await app.TokenByBot(telegramId));
    }

}

/// <summary>A code that was sent, and the id of its request.</summary>
public sealed record MailedCode(string Email, string Code, string RequestId)
{
    public object Body => new { email = Email, code = Code, requestId = RequestId };

    /// <summary>A wrong code for the same request.</summary>
    public MailedCode Guess(int by = 1) =>
        this with { Code = $"{(int.Parse(Code, System.Globalization.CultureInfo.InvariantCulture) + by) % 1_000_000:D6}" };
}
