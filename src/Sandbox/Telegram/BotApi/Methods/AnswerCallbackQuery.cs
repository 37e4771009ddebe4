using Platform.Sandbox.Telegram.Chats;

namespace Platform.Sandbox.Telegram.BotApi.Methods;

/// <summary>Answers a pressed button. A second answer is refused as too late.</summary>
internal static class AnswerCallbackQuery
{
    private const int MaxLength = 200;

    public static BotAnswer Handle(BotCall call)
    {
        var parameters = call.Parameters;
        if (parameters.Text("text")?.Length > MaxLength)
        {
            return Refusal.BadRequest("MESSAGE_TOO_LONG");
        }

        if (!call.Messenger.TryFindQuery(call.Bot, parameters.Text("callback_query_id") ?? "", out var query))
        {
            return Refusals.QueryTooOld;
        }

        var answer = new CallbackAnswer(query.Id, parameters.Text("text"), parameters.Bool("show_alert"), parameters.Text("url"));
        if (!query.TryAnswer(answer))
        {
            return Refusals.QueryTooOld;
        }

        if (answer.Text is not null)
        {
            query.Chat.ShowAnswer(answer);
        }

        return BotAnswer.True;
    }
}
