using Microsoft.Extensions.Options;
using Platform.Bots.BaristaBot;
using Platform.Bots.ClientBot;
using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Bots.Storage;
using Platform.Contracts.Bots;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.Database.Jobs;
using Platform.Messaging;
using Platform.ServiceDefaults.Features;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Startup;

namespace Platform.Bots;

/// <summary>The table of contents: the bots, each enabled by its token, and the events they publish and handle.</summary>
internal static class BotsModule
{
    public static void ListEvents(Events events) => events
        .Publishes<BotStarted>(consumed: true)
        .Publishes<BotConnected>(consumed: true)
        .Handles<UserErased, EraseConversations>()
        .Handles<AccountRecovered, NotifyFormerChat>()
        .TracksSwitches<BotsDb>()
        .TracksRevokedUsers<BotsDb>()
        .PurgesErasedUsers<BotsDb>();

    public static void AddBots(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidation();
        builder.Services.AddOptions<BotsOptions>().BindConfiguration(BotsOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddOptions<BotSettings>().BindConfiguration("").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddProductionSecret("BOT_API_KEY_CLIENT");
        builder.Services.AddProductionSecret("BOT_API_KEY_BARISTA");

        builder.AddBusinessClock();
        builder.AddGatewayClient();
        builder.Services.AddSingleton<Quarantine>();
        builder.Services.AddSingleton<UpdateInbox>();
        builder.Services.AddQuarantinedMessages(
            list: (provider, ct) => provider.GetRequiredService<Quarantine>().List(ct),
            discard: (provider, ids, ct) => provider.GetRequiredService<Quarantine>().Discard(ids, ct));
        builder.AddJob<PurgeOldUpdates>(every: TimeSpan.FromHours(1));

        builder.AddBot(GuestScript.Create(), settings => (settings.ClientToken, settings.ClientKey));
        builder.AddBot(CounterScript.Create(), settings => (settings.BaristaToken, settings.BaristaKey));
        builder.Services.AddHostedService<CountdownClock>();
    }

    /// <summary>The only route: a person's export, which the gateway collects.</summary>
    public static void MapBots(this IEndpointRouteBuilder app) => app
        .MapGet("/api/bots/export", ExportMyData.Handle).WithTags("Conversations").Describe(ExportMyData.Describe).RequireRole(Role.Client).AllowBlocked();

    private static void AddBot(this WebApplicationBuilder builder, BotScript script, Func<BotSettings, (string Token, string Key)> credentials)
    {
        var services = builder.Services;
        var settings = builder.Configuration.Get<BotSettings>() ?? new BotSettings();
        if (credentials(settings).Token is not { Length: > 0 } token)
        {
            return;
        }

        services.AddKeyedSingleton(script.Bot, (provider, _) => new BotAccount(
            script.Bot, token, provider.GetRequiredService<IOptions<BotSettings>>().Value.ApiUrl, provider.GetRequiredService<TimeProvider>().GetUtcNow()));
        services.AddKeyedSingleton(script.Bot, (provider, _) => new GatewayTokens(
            script.Bot, credentials(settings).Key, provider.GetRequiredService<GatewayHttp>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHostedService>(provider =>
        {
            var account = provider.GetRequiredKeyedService<BotAccount>(script.Bot);
            var conversation = ActivatorUtilities.CreateInstance<Conversation>(
                provider, script, account, provider.GetRequiredKeyedService<GatewayTokens>(script.Bot));
            var handler = ActivatorUtilities.CreateInstance<UpdateHandler>(provider, account, conversation);
            return ActivatorUtilities.CreateInstance<Poller>(provider, script, account, handler);
        });
        services.AddHealthChecks().Add(new(
            $"{script.Bot} bot", provider => new BotHealth(
                provider.GetRequiredKeyedService<BotAccount>(script.Bot), provider.GetRequiredService<UpdateInbox>(),
                provider.GetRequiredService<IOptions<BotsOptions>>().Value.StalledAfter, provider.GetRequiredService<TimeProvider>()),
            failureStatus: null, tags: null));
    }
}
