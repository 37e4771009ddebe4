using Platform.Sandbox.Telegram.BotApi;
using Platform.Sandbox.Telegram.Bots;
using Platform.Sandbox.Telegram.PersonApi;

namespace Platform.Sandbox.Telegram;

/// <summary>Telegram: the Bot API and the side of the people who write to bots.</summary>
internal static class TelegramModule
{
    public static void AddTelegram(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient();
        builder.Services.AddSingleton<Messenger>();
        builder.Services.AddSingleton<SendingLimits>();
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<WebhookSender>());
        builder.Services.AddSingleton<BotApiEndpoint>();
    }

    public static void MapTelegram(this IEndpointRouteBuilder app)
    {
        var api = app.ServiceProvider.GetRequiredService<BotApiEndpoint>();
        app.MapMethods("/bot{token}/{method}", ["GET", "POST"], api.Handle);
        app.MapGet("/file/bot{token}/{**path}", DownloadFile.Handle);

        var people = app.MapGroup("/api").DisableAntiforgery();
        people.MapGet("/people", ListPeople.Handle);
        people.MapPost("/people", AddPerson.Handle);
        people.MapGet("/bots", ListBots.Handle);
        people.MapGet("/files/{uniqueId}", ReadFile.Handle);

        var chat = people.MapGroup("/chats/{bot}/{personId}");
        chat.MapGet("", ReadChat.Handle);
        chat.MapGet("/events", FollowChat.Handle);
        chat.MapPost("/messages", WriteMessage.Handle);
        chat.MapPost("/edit", EditMessage.Handle);
        chat.MapPost("/contact", ShareContact.Handle);
        chat.MapPost("/press", PressButton.Handle);
        chat.MapPost("/photo", SendFile.HandlePhoto);
        chat.MapPost("/document", SendFile.HandleDocument);
        chat.MapPost("/block", BlockBot.Block);
        chat.MapPost("/unblock", BlockBot.Unblock);
        chat.MapPost("/clear", ClearChat.Handle);
    }
}
