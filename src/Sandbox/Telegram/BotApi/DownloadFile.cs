using Microsoft.AspNetCore.Http.HttpResults;

namespace Platform.Sandbox.Telegram.BotApi;

/// <summary><c>/file/bot[token]/[path]</c>: the file whose path <c>getFile</c> returned.</summary>
internal static class DownloadFile
{
    public static Results<FileContentHttpResult, JsonHttpResult<WireFailure>> Handle(string token, string path, Messenger messenger)
    {
        lock (messenger.Lock)
        {
            if (messenger.FindBotByToken(token) is null)
            {
                return Refused(Refusals.Unauthorized);
            }

            return messenger.Files.FindByPath(path) is { } file
                ? TypedResults.Bytes(file.Content, "application/octet-stream")
                : Refused(Refusals.NotFound);
        }
    }

    private static JsonHttpResult<WireFailure> Refused(Refusal refusal) =>
        TypedResults.Json(WireFailure.Of(refusal), Wire.Json, statusCode: refusal.Code);
}
