namespace Platform.Sandbox.Telegram.BotApi.Methods;

/// <summary>Returns where to download a file: <c>/file/bot[token]/[file_path]</c>.</summary>
internal static class GetFile
{
    private const int MaxBytes = 20 * 1024 * 1024;

    public static BotAnswer Handle(BotCall call)
    {
        if (call.Parameters.Text("file_id") is not { } id)
        {
            return Refusal.BadRequest("file_id not specified");
        }

        return call.Messenger.Files.Find(id) switch
        {
            null => Refusal.BadRequest("invalid file_id"),
            { Content.Length: > MaxBytes } => Refusal.BadRequest("file is too big"),
            var file => BotAnswer.Of(Wire.Of(file)),
        };
    }
}
