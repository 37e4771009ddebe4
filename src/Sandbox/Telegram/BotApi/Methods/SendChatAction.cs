namespace Platform.Sandbox.Telegram.BotApi.Methods;

internal static class SendChatAction
{
    private static readonly HashSet<string> Actions =
    [
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document", "choose_sticker",
        "find_location", "record_video_note", "upload_video_note",
    ];

    public static BotAnswer Handle(BotCall call)
    {
        if (call.FindOpenChat(out var chat) is { } refusal)
        {
            return refusal;
        }

        if (call.Parameters.Text("action") is not { } action || !Actions.Contains(action))
        {
            return Refusal.BadRequest("wrong parameter action in request");
        }

        chat.ShowAction(action, call.Messenger.Now);
        return BotAnswer.True;
    }
}
