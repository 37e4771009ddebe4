using System.Text.Json;

namespace Platform.Sandbox.Tests;

/// <summary>A bot that calls the Bot API.</summary>
internal sealed class BotClient(HttpClient client, string token)
{
    public string PathOf(string method) => $"/bot{token}/{method}";

    /// <param name="parameters">Sent as JSON, as by most clients; omitted if null.</param>
    public Task<Answer> Call(string method, object? parameters = null) => Send(method, parameters is null ? null : JsonContent.Create(parameters));

    public async Task<Answer> Send(string method, HttpContent? body)
    {
        using var response = await client.PostAsync(new Uri(PathOf(method), UriKind.Relative), body, TestContext.Current.CancellationToken);
        return await Answer.Of(response);
    }

    public async Task<Answer> Get(string methodAndQuery)
    {
        using var response = await client.GetAsync(new Uri(PathOf(methodAndQuery), UriKind.Relative), TestContext.Current.CancellationToken);
        return await Answer.Of(response);
    }

    public async Task<JsonElement> SendMessage(long chat, string text, object? replyMarkup = null, string? parseMode = null) =>
        (await Call("sendMessage", new { chat_id = chat, text, parse_mode = parseMode, reply_markup = replyMarkup })).Result;

    public async Task<IReadOnlyList<JsonElement>> Updates(int? offset = null, int timeout = 0) =>
        [.. (await Call("getUpdates", new { offset, timeout })).Result.EnumerateArray()];

    /// <summary>Confirms all pending updates.</summary>
    public async Task ConfirmAll()
    {
        var updates = await Updates();
        if (updates.Count > 0)
        {
            await Updates(offset: updates[^1].GetProperty("update_id").GetInt32() + 1);
        }
    }
}

/// <summary>Buttons in the Bot API's format.</summary>
internal static class Buttons
{
    public static object Inline(params (string Text, string Data)[] row) =>
        new { inline_keyboard = new[] { row.Select(button => new { text = button.Text, callback_data = button.Data }) } };

    /// <summary>Below the input.</summary>
    public static object Reply(params string[] row) => new { keyboard = new[] { row } };

    public static object ReplyOnce(params string[] row) => new { keyboard = new[] { row }, one_time_keyboard = true };
}
