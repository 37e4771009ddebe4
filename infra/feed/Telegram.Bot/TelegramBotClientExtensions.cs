using Telegram.Bot.Requests;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;
using Telegram.Bot.Types.ReplyMarkups;

namespace Telegram.Bot;

/// <summary>The methods of the Bot API, one by one.</summary>
/// <remarks>The order of the parameters is the real one; those whose types are not used here are left out, so pass all but the first few by name.</remarks>
public static class TelegramBotClientExtensions
{
    public static Task<User> GetMe(this ITelegramBotClient botClient, CancellationToken cancellationToken = default) =>
        botClient.SendRequest(new MethodCall<User>("getMe"), cancellationToken);

    /// <param name="timeout">In seconds: how long the Bot API may wait for an update before it answers that there is none.</param>
    public static Task<Update[]> GetUpdates(
        this ITelegramBotClient botClient,
        int? offset = default,
        int? limit = default,
        int? timeout = default,
        IEnumerable<UpdateType>? allowedUpdates = default,
        CancellationToken cancellationToken = default) =>
        botClient.SendRequest(
            new MethodCall<Update[]>("getUpdates") { ["offset"] = offset, ["limit"] = limit, ["timeout"] = timeout, ["allowed_updates"] = allowedUpdates },
            cancellationToken);

    public static Task SetWebhook(
        this ITelegramBotClient botClient,
        string url,
        InputFileStream? certificate = default,
        string? ipAddress = default,
        int? maxConnections = default,
        IEnumerable<UpdateType>? allowedUpdates = default,
        bool dropPendingUpdates = default,
        string? secretToken = default,
        CancellationToken cancellationToken = default) =>
        botClient.SendRequest(
            new MethodCall<bool>("setWebhook")
            {
                ["url"] = url,
                ["certificate"] = certificate,
                ["ip_address"] = ipAddress,
                ["max_connections"] = maxConnections,
                ["allowed_updates"] = allowedUpdates,
                ["drop_pending_updates"] = dropPendingUpdates,
                ["secret_token"] = secretToken,
            },
            cancellationToken);

    public static Task DeleteWebhook(
        this ITelegramBotClient botClient, bool dropPendingUpdates = default, CancellationToken cancellationToken = default) =>
        botClient.SendRequest(new MethodCall<bool>("deleteWebhook") { ["drop_pending_updates"] = dropPendingUpdates }, cancellationToken);

    public static Task<WebhookInfo> GetWebhookInfo(this ITelegramBotClient botClient, CancellationToken cancellationToken = default) =>
        botClient.SendRequest(new MethodCall<WebhookInfo>("getWebhookInfo"), cancellationToken);

    public static Task<Message> SendMessage(
        this ITelegramBotClient botClient,
        ChatId chatId,
        string text,
        ParseMode parseMode = default,
        ReplyParameters? replyParameters = default,
        ReplyMarkup? replyMarkup = default,
        LinkPreviewOptions? linkPreviewOptions = default,
        int? messageThreadId = default,
        IEnumerable<MessageEntity>? entities = default,
        bool disableNotification = default,
        bool protectContent = default,
        CancellationToken cancellationToken = default) =>
        botClient.SendRequest(
            new MethodCall<Message>("sendMessage")
            {
                ["chat_id"] = chatId,
                ["text"] = text,
                ["parse_mode"] = parseMode,
                ["reply_parameters"] = replyParameters,
                ["reply_markup"] = replyMarkup,
                ["link_preview_options"] = linkPreviewOptions,
                ["message_thread_id"] = messageThreadId,
                ["entities"] = entities,
                ["disable_notification"] = disableNotification,
                ["protect_content"] = protectContent,
            },
            cancellationToken);

    public static Task<Message> SendPhoto(
        this ITelegramBotClient botClient,
        ChatId chatId,
        InputFile photo,
        string? caption = default,
        ParseMode parseMode = default,
        ReplyParameters? replyParameters = default,
        ReplyMarkup? replyMarkup = default,
        int? messageThreadId = default,
        IEnumerable<MessageEntity>? captionEntities = default,
        bool showCaptionAboveMedia = default,
        bool hasSpoiler = default,
        bool disableNotification = default,
        bool protectContent = default,
        CancellationToken cancellationToken = default) =>
        botClient.SendRequest(
            new MethodCall<Message>("sendPhoto")
            {
                ["chat_id"] = chatId,
                ["photo"] = photo,
                ["caption"] = caption,
                ["parse_mode"] = parseMode,
                ["reply_parameters"] = replyParameters,
                ["reply_markup"] = replyMarkup,
                ["message_thread_id"] = messageThreadId,
                ["caption_entities"] = captionEntities,
                ["show_caption_above_media"] = showCaptionAboveMedia,
                ["has_spoiler"] = hasSpoiler,
                ["disable_notification"] = disableNotification,
                ["protect_content"] = protectContent,
            },
            cancellationToken);

    public static Task<Message> SendDocument(
        this ITelegramBotClient botClient,
        ChatId chatId,
        InputFile document,
        string? caption = default,
        ParseMode parseMode = default,
        ReplyParameters? replyParameters = default,
        ReplyMarkup? replyMarkup = default,
        InputFile? thumbnail = default,
        int? messageThreadId = default,
        IEnumerable<MessageEntity>? captionEntities = default,
        bool disableContentTypeDetection = default,
        bool disableNotification = default,
        bool protectContent = default,
        CancellationToken cancellationToken = default) =>
        botClient.SendRequest(
            new MethodCall<Message>("sendDocument")
            {
                ["chat_id"] = chatId,
                ["document"] = document,
                ["caption"] = caption,
                ["parse_mode"] = parseMode,
                ["reply_parameters"] = replyParameters,
                ["reply_markup"] = replyMarkup,
                ["thumbnail"] = thumbnail,
                ["message_thread_id"] = messageThreadId,
                ["caption_entities"] = captionEntities,
                ["disable_content_type_detection"] = disableContentTypeDetection,
                ["disable_notification"] = disableNotification,
                ["protect_content"] = protectContent,
            },
            cancellationToken);

    public static Task SendChatAction(
        this ITelegramBotClient botClient,
        ChatId chatId,
        ChatAction action,
        int? messageThreadId = default,
        string? businessConnectionId = default,
        CancellationToken cancellationToken = default) =>
        botClient.SendRequest(
            new MethodCall<bool>("sendChatAction")
            {
                ["chat_id"] = chatId,
                ["action"] = action,
                ["message_thread_id"] = messageThreadId,
                ["business_connection_id"] = businessConnectionId,
            },
            cancellationToken);

    public static Task<Message> EditMessageText(
        this ITelegramBotClient botClient,
        ChatId chatId,
        int messageId,
        string? text,
        ParseMode parseMode = default,
        InlineKeyboardMarkup? replyMarkup = default,
        LinkPreviewOptions? linkPreviewOptions = default,
        IEnumerable<MessageEntity>? entities = default,
        CancellationToken cancellationToken = default) =>
        botClient.SendRequest(
            new MethodCall<Message>("editMessageText")
            {
                ["chat_id"] = chatId,
                ["message_id"] = messageId,
                ["text"] = text,
                ["parse_mode"] = parseMode,
                ["reply_markup"] = replyMarkup,
                ["link_preview_options"] = linkPreviewOptions,
                ["entities"] = entities,
            },
            cancellationToken);

    public static Task<Message> EditMessageCaption(
        this ITelegramBotClient botClient,
        ChatId chatId,
        int messageId,
        string? caption,
        ParseMode parseMode = default,
        InlineKeyboardMarkup? replyMarkup = default,
        IEnumerable<MessageEntity>? captionEntities = default,
        bool showCaptionAboveMedia = default,
        string? businessConnectionId = default,
        CancellationToken cancellationToken = default) =>
        botClient.SendRequest(
            new MethodCall<Message>("editMessageCaption")
            {
                ["chat_id"] = chatId,
                ["message_id"] = messageId,
                ["caption"] = caption,
                ["parse_mode"] = parseMode,
                ["reply_markup"] = replyMarkup,
                ["caption_entities"] = captionEntities,
                ["show_caption_above_media"] = showCaptionAboveMedia,
                ["business_connection_id"] = businessConnectionId,
            },
            cancellationToken);

    public static Task<Message> EditMessageMedia(
        this ITelegramBotClient botClient,
        ChatId chatId,
        int messageId,
        InputMedia media,
        InlineKeyboardMarkup? replyMarkup = default,
        string? businessConnectionId = default,
        CancellationToken cancellationToken = default) =>
        botClient.SendRequest(
            new MethodCall<Message>("editMessageMedia")
            {
                ["chat_id"] = chatId,
                ["message_id"] = messageId,
                ["media"] = media,
                ["reply_markup"] = replyMarkup,
                ["business_connection_id"] = businessConnectionId,
            },
            cancellationToken);

    public static Task<Message> EditMessageReplyMarkup(
        this ITelegramBotClient botClient,
        ChatId chatId,
        int messageId,
        InlineKeyboardMarkup? replyMarkup = default,
        string? businessConnectionId = default,
        CancellationToken cancellationToken = default) =>
        botClient.SendRequest(
            new MethodCall<Message>("editMessageReplyMarkup")
            {
                ["chat_id"] = chatId,
                ["message_id"] = messageId,
                ["reply_markup"] = replyMarkup,
                ["business_connection_id"] = businessConnectionId,
            },
            cancellationToken);

    public static Task DeleteMessage(
        this ITelegramBotClient botClient, ChatId chatId, int messageId, CancellationToken cancellationToken = default) =>
        botClient.SendRequest(new MethodCall<bool>("deleteMessage") { ["chat_id"] = chatId, ["message_id"] = messageId }, cancellationToken);

    /// <param name="cacheTime">In seconds: how long the person's app may show this answer again without asking.</param>
    public static Task AnswerCallbackQuery(
        this ITelegramBotClient botClient,
        string callbackQueryId,
        string? text = default,
        bool showAlert = default,
        string? url = default,
        int? cacheTime = default,
        CancellationToken cancellationToken = default) =>
        botClient.SendRequest(
            new MethodCall<bool>("answerCallbackQuery")
            {
                ["callback_query_id"] = callbackQueryId,
                ["text"] = text,
                ["show_alert"] = showAlert,
                ["url"] = url,
                ["cache_time"] = cacheTime,
            },
            cancellationToken);

    public static Task SetMyCommands(
        this ITelegramBotClient botClient,
        IEnumerable<BotCommand> commands,
        BotCommandScope? scope = default,
        string? languageCode = default,
        CancellationToken cancellationToken = default) =>
        botClient.SendRequest(
            new MethodCall<bool>("setMyCommands") { ["commands"] = commands, ["scope"] = scope, ["language_code"] = languageCode }, cancellationToken);

    public static Task<BotCommand[]> GetMyCommands(
        this ITelegramBotClient botClient,
        BotCommandScope? scope = default,
        string? languageCode = default,
        CancellationToken cancellationToken = default) =>
        botClient.SendRequest(new MethodCall<BotCommand[]>("getMyCommands") { ["scope"] = scope, ["language_code"] = languageCode }, cancellationToken);

    public static Task<TGFile> GetFile(this ITelegramBotClient botClient, string fileId, CancellationToken cancellationToken = default) =>
        botClient.SendRequest(new MethodCall<TGFile>("getFile") { ["file_id"] = fileId }, cancellationToken);
}
