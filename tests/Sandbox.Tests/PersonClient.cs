using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Platform.ServiceDefaults.Web;

namespace Platform.Sandbox.Tests;

/// <summary>A person's chat with a bot, through the page's calls.</summary>
internal sealed class PersonClient(HttpClient client, string bot, long id)
{
    public long Id => id;

    private string Path => $"/api/chats/{bot}/{id}";

    public async Task<JsonElement> Chat()
    {
        var answer = await Send(HttpMethod.Get, "");
        answer.Status.ShouldBe(200, answer.Body);
        return answer.Json;
    }

    public async Task<IReadOnlyList<JsonElement>> Messages() => [.. (await Chat()).GetProperty("messages").EnumerateArray()];

    public async Task<JsonElement> LastMessage() => (await Messages())[^1];

    /// <returns>The message id.</returns>
    public async Task<int> Write(string text)
    {
        var answer = await Post("/messages", new { text });
        answer.Status.ShouldBe(200, answer.Body);
        return answer.Json.GetProperty("messageId").GetInt32();
    }

    /// <param name="body">Default: the empty object.</param>
    public Task<Answer> Post(string call, object? body = null) =>
        Send(HttpMethod.Post, call, body as HttpContent ?? JsonContent.Create(body ?? new { }));

    /// <summary>Streams the chat's states.</summary>
    public async IAsyncEnumerable<JsonElement> Follow([EnumeratorCancellation] CancellationToken ct)
    {
        using var response = await client.GetAsync(new Uri($"{Path}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(ct))
        {
            if (item.EventType is EventStreams.KeepAliveEvent)
            {
                continue;
            }

            item.EventType.ShouldBe("chat");
            yield return JsonSerializer.Deserialize<JsonElement>(item.Data);
        }
    }

    private async Task<Answer> Send(HttpMethod method, string call, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, Path + call) { Content = body };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.Of(response);
    }
}
