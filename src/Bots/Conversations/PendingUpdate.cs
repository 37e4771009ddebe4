using Telegram.Bot.Types;
using TelegramId = Platform.Contracts.TelegramId;

namespace Platform.Bots.Conversations;

/// <summary>A stored update that has not been handled yet.</summary>
/// <param name="Update">Null when it must be read from the inbox.</param>
/// <param name="IsOverLimit">The sender gets a warning instead of an answer: they write faster than the bot can answer.</param>
internal sealed record PendingUpdate(long Id, TelegramId From, Update? Update = null, bool IsOverLimit = false);
