using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Sandbox.Telegram.Files;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>A file for the page: pictures inline, everything else as a download.</summary>
internal static class ReadFile
{
    public static string UrlOf(SharedFile file) => $"/api/files/{file.UniqueId}";

    public static Results<FileContentHttpResult, NotFound> Handle(string uniqueId, HttpResponse response, Messenger messenger)
    {
        SharedFile? file;
        lock (messenger.Lock)
        {
            file = messenger.Files.FindByUniqueId(uniqueId);
        }

        if (file is null)
        {
            return TypedResults.NotFound();
        }

        response.Headers.CacheControl = "private, max-age=3600";
        return ImageSize.Of(file.Content.Span) is { } size
            ? TypedResults.Bytes(file.Content, size.MimeType)
            : TypedResults.Bytes(file.Content, "application/octet-stream", file.Name);
    }
}
