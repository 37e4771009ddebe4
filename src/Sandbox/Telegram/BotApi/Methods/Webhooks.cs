using System.Text.RegularExpressions;
using Platform.Sandbox.Telegram.Bots;

namespace Platform.Sandbox.Telegram.BotApi.Methods;

/// <summary>Sets where updates are sent; an empty address is <see cref="DeleteWebhook"/>.</summary>
/// <remarks>The real API accepts only HTTPS and ports 443, 80, 88 and 8443.</remarks>
internal static partial class SetWebhook
{
    private const int MaxSecret = 256;

    public static BotAnswer Handle(BotCall call)
    {
        var parameters = call.Parameters;
        if (parameters.Text("url") is not { } address)
        {
            return DeleteWebhook.Handle(call);
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return Refusal.BadRequest("invalid webhook URL specified");
        }

        var secret = parameters.Text("secret_token");
        if (secret?.Length > MaxSecret)
        {
            return Refusal.BadRequest("secret token is too long");
        }

        if (secret is not null && !SecretPattern().IsMatch(secret))
        {
            return Refusal.BadRequest("secret token contains unallowed characters");
        }

        if (AllowedUpdates.Read(parameters, out var kinds) is { } refusal)
        {
            return refusal;
        }

        var bot = call.Bot;
        if (kinds is not null)
        {
            bot.Updates.Allow(kinds);
        }

        if (parameters.Bool("drop_pending_updates"))
        {
            bot.Updates.Clear();
        }

        bot.Updates.Poll?.End(Refusals.WebhookSet);
        bot.Webhook = new Webhook(url, secret, parameters.Int("max_connections", 40, 1, 100));
        call.Service<WebhookSender>().Start(bot, bot.Webhook);
        return BotAnswer.True;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex SecretPattern();
}

internal static class DeleteWebhook
{
    public static BotAnswer Handle(BotCall call)
    {
        // Wakes the sender, which sees that its webhook is gone and ends.
        call.Bot.Webhook = null;
        call.Bot.Updates.Added.Fire();
        if (call.Parameters.Bool("drop_pending_updates"))
        {
            call.Bot.Updates.Clear();
        }

        return BotAnswer.True;
    }
}

internal static class GetWebhookInfo
{
    public static BotAnswer Handle(BotCall call)
    {
        var (webhook, updates) = (call.Bot.Webhook, call.Bot.Updates);
        return BotAnswer.Of(new WireWebhookInfo(
            webhook?.Address.ToString() ?? "",
            HasCustomCertificate: false,
            updates.Count,
            webhook?.FailedAt?.ToUnixTimeSeconds(),
            webhook?.Failure,
            webhook?.MaxConnections,
            updates.Allowed));
    }
}
