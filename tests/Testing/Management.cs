using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Platform.Testing;

/// <summary>The part of RabbitMQ's management API that tests use.</summary>
internal static class Management
{
    private static readonly Lazy<Task<HttpClient>> Once = new(async () =>
    {
        var address = (await Servers.Addresses).RabbitMqManagement;
        var client = new HttpClient { BaseAddress = new Uri(address.GetLeftPart(UriPartial.Authority)
            .Replace($"{address.UserInfo}@", "", StringComparison.Ordinal)) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(address.UserInfo)));
        return client;
    });

    public static async Task PutVirtualHost(string name)
    {
        using var created = await (await Once.Value).PutAsJsonAsync($"/api/vhosts/{name}", new { });
        created.EnsureSuccessStatusCode();
        // Its creator already has all permissions.
    }

    public static async Task DeleteVirtualHost(string name)
    {
        using var deleted = await (await Once.Value).DeleteAsync($"/api/vhosts/{name}");
        deleted.EnsureSuccessStatusCode();
    }

    /// <summary>Queues, exchanges and bindings as JSON for <see cref="Import"/>.</summary>
    public static async Task<JsonObject> Export(string virtualHost) =>
        (await (await Once.Value).GetFromJsonAsync<JsonObject>($"/api/definitions/{virtualHost}"))!;

    public static async Task Import(string virtualHost, JsonObject definitions)
    {
        using var imported = await (await Once.Value).PostAsJsonAsync($"/api/definitions/{virtualHost}", definitions);
        if (!imported.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"RabbitMQ refused the topology: {await imported.Content.ReadAsStringAsync()}");
        }
    }

    public static Task<IReadOnlyList<string>> Queues(string virtualHost) => Names($"/api/queues/{virtualHost}?columns=name");

    public static Task<IReadOnlyList<string>> Exchanges(string virtualHost) => Names($"/api/exchanges/{virtualHost}?columns=name");

    /// <param name="spared">Client-provided name of the connections to keep.</param>
    /// <returns>The number of closed connections.</returns>
    public static async Task<int> CutConnections(string virtualHost, string spared)
    {
        var client = await Once.Value;
        var connections = await client.GetFromJsonAsync<JsonArray>($"/api/vhosts/{virtualHost}/connections?columns=name,client_properties.connection_name");
        var cut = 0;
        foreach (var connection in connections!.Where(connection => (string?)connection!["client_properties"]?["connection_name"] != spared))
        {
            using var closed = await client.DeleteAsync($"/api/connections/{Uri.EscapeDataString((string)connection!["name"]!)}");
            cut += closed.IsSuccessStatusCode ? 1 : 0;
        }

        return cut;
    }

    private static async Task<IReadOnlyList<string>> Names(string path) =>
        [.. (await (await Once.Value).GetFromJsonAsync<JsonArray>(path))!.Select(item => (string)item!["name"]!)];
}
