using Platform.Sandbox.Telegram.Files;
using Platform.Sandbox.Telegram.Formatting;

namespace Platform.Sandbox.Telegram.Chats;

/// <summary>A message: text, or one photo, document or contact.</summary>
internal sealed class Message
{
    public required int Id { get; init; }

    public required bool FromBot { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? EditedAt { get; set; }

    public FormattedText? Text { get; set; }

    public FormattedText? Caption { get; set; }

    public Photo? Photo { get; set; }

    public SharedFile? Document { get; set; }

    public SharedContact? Contact { get; init; }

    public InlineKeyboard? Keyboard { get; set; }

    /// <summary>A message that changed the keyboard below the input cannot be edited.</summary>
    public bool ChangedReplyKeyboard { get; init; }

    public int? ReplyToId { get; init; }
}

/// <param name="Width">Pixels, as <paramref name="Height"/>.</param>
internal sealed record Photo(SharedFile File, int Width, int Height);

/// <param name="UserId">If known: the sender's own id when they share their own number.</param>
internal sealed record SharedContact(string PhoneNumber, string FirstName, string? LastName, long? UserId);
