using System.Text.Json;
using Platform.Contracts;

namespace Platform.Bots.Conversations;

/// <summary>A private chat and the state of its conversation, saved with each update: a restart continues from here.</summary>
internal sealed class Chat
{
    /// <summary>One of <see cref="Platform.Contracts.Bots.BotNames"/>.</summary>
    public required string Bot { get; init; }

    public required TelegramId TelegramId { get; init; }

    /// <summary><c>ru</c> or <c>en</c>: the person's choice, or the language of their Telegram until they choose.</summary>
    public required string Language { get; set; }

    /// <summary>The question that awaits an answer, such as <c>order.amount</c>; null when there is none.</summary>
    public string? Step { get; private set; }

    /// <summary>The answers so far, as JSON of the dialogue's own record.</summary>
    public string? Form { get; private set; }

    /// <summary>The message whose buttons answer the question; buttons of any other message are outdated.</summary>
    public long? QuestionId { get; private set; }

    /// <summary>The last update that failed, as Telegram sent it, for the button "try again".</summary>
    public string? FailedUpdate { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public TForm FormAs<TForm>() where TForm : class => JsonSerializer.Deserialize<TForm>(Form!, JsonSerializerOptions.Web)!;

    public void AwaitAnswer(string step, object? form, long? questionId) =>
        (Step, Form, QuestionId) = (step, form is null ? null : JsonSerializer.Serialize(form, JsonSerializerOptions.Web), questionId);

    public void Finish() => (Step, Form, QuestionId) = (null, null, null);
}
