using System.Text.Json;
using Platform.Contracts;
using Xunit;

namespace Platform.Testing;

/// <summary>A person who talks to bots in the sandbox.</summary>
public sealed class SandboxPerson(HttpClient sandbox, TelegramId id)
{
    public TelegramId Id => id;

    /// <param name="bot">The bot's username, without the @.</param>
    public SandboxChat With(string bot) => new(sandbox, bot, id);
}

/// <summary>A person's chat with a bot.</summary>
public sealed class SandboxChat(HttpClient sandbox, string bot, TelegramId person)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public TelegramId Person => person;

    private string Address => $"/api/chats/{bot}/{person}";

    public Task Says(string text) => Do("messages", new { text });

    /// <summary>Shares the person's own number with the button that asks for it.</summary>
    public Task SharesContact() => Do("contact", new { });

    /// <summary>Sends another person's contact.</summary>
    public Task SharesContactOf(string firstName, string phone) => Do("contact", new { firstName, phone });

    public Task Blocks() => Do("block", new { });

    public Task Unblocks() => Do("unblock", new { });

    /// <summary>Waits for a button with this label and presses the newest.</summary>
    public async Task Presses(string label)
    {
        var button = await Eventually.Get(async () => Button(await Messages(), label), found => found is not null, Ct);
        await Do("press", new { messageId = button!.Value.Message, data = button.Value.Data });
    }

    /// <summary>Presses the newest button with this label several times at once.</summary>
    public async Task PressesAtOnce(string label, int times)
    {
        var button = await Eventually.Get(async () => Button(await Messages(), label), found => found is not null, Ct);
        await Task.WhenAll(Enumerable.Range(0, times).Select(_ => Do("press", new { messageId = button!.Value.Message, data = button.Value.Data })));
    }

    /// <summary>Waits for messages of the bot that contain a text.</summary>
    /// <returns>The whole text of the newest.</returns>
    public async Task<string> Sees(string part, int times = 1)
    {
        var said = await Eventually.Get(
            async () => (await Messages()).Where(message => message.From == "bot").Select(message => message.Text ?? message.Caption ?? "").ToList(),
            texts => texts.Count(text => text.Contains(part, StringComparison.Ordinal)) >= times,
            Ct,
            condition: $"{bot} has said {times} × \"{part}\"");
        return said.Last(text => text.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>Waits until the bot has sent a picture, and opens the newest.</summary>
    /// <param name="other">Waits for a picture that differs from this one.</param>
    public async Task<byte[]> SeesPhoto(byte[]? other = null)
    {
        return await Eventually.Get(
            async () => (await Messages()).LastOrDefault(message => message.Photo is not null) is { Photo: { } photo } ? await Open(photo) : [],
            picture => picture.Length > 0 && !picture.SequenceEqual(other ?? []),
            Ct,
            condition: $"{bot} has sent a picture");
    }

    /// <summary>Waits until the bot has sent a document, and opens the newest.</summary>
    public async Task<(string Name, byte[] Content)> SeesDocument()
    {
        var sent = await Eventually.Get(
            async () => (await Messages()).LastOrDefault(message => message.Document is not null)?.Document, document => document is not null, Ct,
            condition: $"{bot} has sent a document");
        return (sent!.Name!, await Open(sent));
    }

    private Task<byte[]> Open(ChatFile file) => sandbox.GetByteArrayAsync(new Uri(file.Url, UriKind.Relative), Ct);

    /// <summary>How many messages of the bot contain this text now.</summary>
    public async Task<int> Count(string part) =>
        (await Messages()).Count(message => message.From == "bot" && (message.Text ?? message.Caption)?.Contains(part, StringComparison.Ordinal) is true);

    public async Task<IReadOnlyList<ChatMessage>> Messages() => (await sandbox.GetFromJsonAsync<State>(Address, JsonSerializerOptions.Web, Ct))!.Messages;

    private async Task Do(string what, object body)
    {
        using var answer = await sandbox.PostAsJsonAsync($"{Address}/{what}", body, Ct);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"POST {Address}/{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Ct)}");
        }
    }

    private static (long Message, string Data)? Button(IReadOnlyList<ChatMessage> messages, string label) => messages
        .SelectMany(message => (message.InlineKeyboard ?? []).SelectMany(row => row).Where(button => button.Text == label && button.Data is not null)
            .Select(button => ((long, string)?)(message.Id, button.Data!)))
        .LastOrDefault();

    private sealed record State(IReadOnlyList<ChatMessage> Messages);
}

/// <param name="From"><c>bot</c> or <c>person</c>.</param>
public sealed record ChatMessage(
    long Id, string From, string? Text, string? Caption, ChatFile? Photo, ChatFile? Document, IReadOnlyList<IReadOnlyList<ChatButton>>? InlineKeyboard);

/// <param name="Name">A document's file name.</param>
public sealed record ChatFile(string Url, string? Name);

public sealed record ChatButton(string Text, string? Data);
