using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

namespace Platform.Loyalty.Tests;

internal static class Requests
{
    public static HttpClient Manager(this LoyaltyApp app, StaffId staff) =>
        app.Client(new TokenSubject(Role.Staff, StaffId: staff, StaffRole: StaffRole.Manager));

    public static HttpClient Owner(this LoyaltyApp app, StaffId staff) => app.Client(new TokenSubject(Role.Staff, StaffId: staff, StaffRole: StaffRole.Owner));

    public static Task<Answer> Read(this HttpClient caller, string address, string? language = null) =>
        Send(caller, HttpMethod.Get, address, body: null, key: null, language);

    public static Task<Answer> Post(this HttpClient caller, string address, object body, string? key = null) =>
        Send(caller, HttpMethod.Post, address, body, key, language: null);

    public static Task<Answer> Put(this HttpClient caller, string address, object body) =>
        Send(caller, HttpMethod.Put, address, body, key: null, language: null);

    private static async Task<Answer> Send(HttpClient caller, HttpMethod method, string address, object? body, string? key, string? language)
    {
        var ct = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add(Idempotency.Header, key);
        }

        if (language is not null)
        {
            request.Headers.Add("Accept-Language", language);
        }

        using var response = await caller.SendAsync(request, ct);
        return await Answer.Of(response, ct);
    }
}
