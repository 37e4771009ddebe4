using System.Text.Json;
using Platform.Contracts;

namespace Platform.Bots.Conversations;

/// <summary>
/// Somebody's private chat with a bot: where their conversation stands. It is saved with the update that moved it, so a restart
/// or another replica goes on from here.
/// </summary>
internal sealed class Chat
{
    /// <summary>One of <see cref="Platform.Contracts.Bots.BotNames"/>.</summary>
    public required string Bot { get; init; }

    public required TelegramId TelegramId { get; init; }

    /// <summary><c>ru</c> or <c>en</c>: his own choice once he has made one, till then what his Telegram is set to.</summary>
    public required string Language { get; set; }

    /// <summary>The question that the bot has asked and waits to have answered, such as <c>order.amount</c>; null when it waits for nothing.</summary>
    public string? Step { get; private set; }

    /// <summary>What the person has answered so far, as JSON of the dialogue's own record.</summary>
    public string? Form { get; private set; }

    /// <summary>The message whose buttons answer the question: those of any other message are from earlier.</summary>
    public long? QuestionId { get; private set; }

    /// <summary>The update that failed last, as Telegram sent it: the button "try again" handles it once more.</summary>
    public string? FailedUpdate { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public TForm FormOf<TForm>() where TForm : class => JsonSerializer.Deserialize<TForm>(Form!, JsonSerializerOptions.Web)!;

    /// <summary>The bot waits for the answer to <paramref name="step"/>.</summary>
    /// <param name="questionId">The message with the question's buttons, if it has some.</param>
    public void Await(string step, object? form, long? questionId) =>
        (Step, Form, QuestionId) = (step, form is null ? null : JsonSerializer.Serialize(form, JsonSerializerOptions.Web), questionId);

    /// <summary>The dialogue is over: the bot waits for nothing.</summary>
    public void Finish() => (Step, Form, QuestionId) = (null, null, null);
}
