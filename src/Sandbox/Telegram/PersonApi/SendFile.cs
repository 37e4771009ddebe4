using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Chats;
using Platform.Sandbox.Telegram.Files;
using Platform.Sandbox.Telegram.Formatting;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>The person sends a picture or a document: form part <c>file</c>, and optionally <c>caption</c>.</summary>
internal static class SendFile
{
    public static Task<Results<Ok<WriteMessage.Response>, ProblemHttpResult>> HandlePhoto(
        string bot, TelegramId personId, HttpRequest request, Messenger messenger, CancellationToken ct) =>
        Handle(bot, personId, request, messenger, asPhoto: true, ct);

    public static Task<Results<Ok<WriteMessage.Response>, ProblemHttpResult>> HandleDocument(
        string bot, TelegramId personId, HttpRequest request, Messenger messenger, CancellationToken ct) =>
        Handle(bot, personId, request, messenger, asPhoto: false, ct);

    private static async Task<Results<Ok<WriteMessage.Response>, ProblemHttpResult>> Handle(
        string bot, TelegramId personId, HttpRequest request, Messenger messenger, bool asPhoto, CancellationToken ct)
    {
        var (sent, _) = await BotApi.Parameters.Read(request, ct);
        if (sent.File("file") is not { Content.Length: > 0 } file)
        {
            return Refused.BadRequest("file_missing", "Send a form with a non-empty part 'file'.");
        }

        var size = ImageSize.Of(file.Content.Span);
        if (asPhoto && size is null)
        {
            return Refused.BadRequest("not_a_picture", "This is not a picture.");
        }

        lock (messenger.Lock)
        {
            if (!messenger.TryFindOpenChat(bot, personId, out var chat, out var problem))
            {
                return problem;
            }

            var shared = messenger.Files.Add(asPhoto ? "photos" : "documents", file.Name, size?.MimeType ?? file.MimeType, file.Content);
            var message = chat.Say(id => new Message
            {
                Id = id,
                FromBot = false,
                At = messenger.Now,
                Photo = asPhoto ? new Photo(shared, size!.Value.Width, size.Value.Height) : null,
                Document = asPhoto ? null : shared,
                Caption = sent.Text("caption") is { } caption ? FormattedText.Plain(caption) : null,
            });
            return TypedResults.Ok(new WriteMessage.Response(message.Id));
        }
    }
}
