using System.Text;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Users.Tests;

/// <summary>The calls of one replica.</summary>
/// <param name="client">Creates a client that sends this access token.</param>
public sealed class UsersApi(Func<string?, HttpClient> client)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Task<Answer> Get(string address, string? token = null) => Send(HttpMethod.Get, address, null, token);

    public Task<Answer> Delete(string address, string? token = null) => Send(HttpMethod.Delete, address, null, token);

    /// <param name="from">The caller's network address, as a proxy would forward it.</param>
    public Task<Answer> Post(string address, object body, string? token = null, string? key = null, string? from = null) =>
        Send(HttpMethod.Post, address, JsonContent.Create(body), token, ("Idempotency-Key", key), ("X-Forwarded-For", from));

    public Task<Answer> Patch(string address, object body, string? token = null) => Send(HttpMethod.Patch, address, JsonContent.Create(body), token);

    public Task<Answer> Put(string address, object body, string? token = null) => Send(HttpMethod.Put, address, JsonContent.Create(body), token);

    /// <param name="body">Sent unchanged.</param>
    public Task<Answer> PostRaw(string address, string body, string? token = null, string? apiKey = null) =>
        Send(HttpMethod.Post, address, new StringContent(body, Encoding.UTF8, "application/json"), token, ("X-Api-Key", apiKey));

    public Task<Answer> SignInByBot(TelegramId telegramId, string key = UsersApp.BaristaBotKey) =>
        Send(HttpMethod.Post, "/api/auth/bot", JsonContent.Create(new { telegramId }), token: null, ("X-Api-Key", key));

    public Task<Answer> Login(string login, string password, string? from = null) => Post("/api/auth/login", new { login, password }, from: from);

    public Task<Answer> Refresh(string refreshToken) => Post("/api/auth/refresh", new { refreshToken });

    public Task<Answer> Register(string token, object body, string? key = null) => Post("/api/users", body, token, key);

    private async Task<Answer> Send(HttpMethod method, string address, HttpContent? body, string? token, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body };
        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }

        using var response = await client(token).SendAsync(request, Ct);
        return await Answer.Of(response, Ct);
    }
}
