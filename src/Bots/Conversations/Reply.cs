using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.Conversations;

/// <summary>Answers one input, in the language of its chat. A <c>key</c> is that of a text; a null keyboard keeps the current one.</summary>
internal sealed class Reply(UserInput input, Chat chat, ChatTexts texts, ChatSender sender)
{
    /// <returns>The message's number in this chat.</returns>
    public Task<long> Say(string key, ReplyMarkup? keyboard, CancellationToken ct, params (string Name, object? Value)[] values) =>
        sender.Send(texts.Line(key, values), keyboard, ct);

    public Task<long> Say(string key, CancellationToken ct, params (string Name, object? Value)[] values) => Say(key, keyboard: null, ct, values);

    /// <param name="lines">As <see cref="ChatTexts.Line"/> returns them; nulls are left out.</param>
    public Task<long> SayLines(ReplyMarkup? keyboard, CancellationToken ct, params string?[] lines) => sender.Send(Join(lines), keyboard, ct);

    /// <summary>Asks a question, and awaits the answer to <paramref name="step"/>.</summary>
    public async Task Ask(string step, object? form, string key, ReplyMarkup? keyboard, CancellationToken ct, params (string Name, object? Value)[] values)
    {
        var question = await Say(key, keyboard, ct, values);
        chat.AwaitAnswer(step, form, keyboard is InlineKeyboardMarkup ? question : null);
    }

    /// <summary>Replaces the pressed message and its buttons; sends a new message when no button was pressed.</summary>
    public Task Replace(string key, InlineKeyboardMarkup? keyboard, CancellationToken ct, params (string Name, object? Value)[] values) =>
        ReplaceLines(keyboard, ct, texts.Line(key, values));

    /// <inheritdoc cref="Replace"/>
    /// <inheritdoc cref="SayLines"/>
    public Task ReplaceLines(InlineKeyboardMarkup? keyboard, CancellationToken ct, params string?[] lines) =>
        input.PressedMessage is { } message ? sender.Edit(message, Join(lines), keyboard, ct) : sender.Send(Join(lines), keyboard, ct);

    public Task Edit(long message, string html, InlineKeyboardMarkup? keyboard, CancellationToken ct) => sender.Edit(message, html, keyboard, ct);

    public Task RemoveButtons(CancellationToken ct) => input.PressedMessage is { } message ? sender.RemoveButtons(message, ct) : Task.CompletedTask;

    /// <summary>Shows a line for a moment, in answer to a pressed button.</summary>
    public Task Toast(string key, CancellationToken ct, params (string Name, object? Value)[] values) =>
        sender.AnswerPress(input.Press, texts.Label(key, values), ct);

    /// <summary>Replaces the pressed message with a picture; sends a new message when no button was pressed, or that message cannot be changed.</summary>
    /// <inheritdoc cref="SayLines"/>
    public async Task ShowPhoto(byte[] png, InlineKeyboardMarkup keyboard, CancellationToken ct, params string?[] lines)
    {
        if (input.PressedMessage is not { } message || !await sender.EditPhoto(message, png, Join(lines), keyboard, ct))
        {
            await sender.SendPhoto(png, Join(lines), keyboard, ct);
        }
    }

    public Task SendDocument(byte[] content, string fileName, string key, CancellationToken ct) =>
        sender.SendDocument(content, fileName, texts.Line(key), ct);

    private static string Join(string?[] lines) => string.Join('\n', lines.OfType<string>());
}
