using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Sandbox;

/// <summary>Settings of the section <c>Sandbox</c>.</summary>
internal sealed class SandboxOptions
{
    public const string Section = "Sandbox";

    /// <summary>Bots that exist from the start. Add more with <c>POST /control/bots</c>.</summary>
    [ValidateEnumeratedItems]
    public IReadOnlyList<BotOptions> Bots { get; init; } = [];

    /// <summary>SMTP port on loopback; 0, the default, for none.</summary>
    [Range(0, 65_535)]
    public int MailPort { get; init; }

    /// <summary>Further host names by which browsers may reach it, besides localhost, addresses and names without a dot.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    [ValidateObjectMembers]
    public LimitOptions Limits { get; init; } = new();
}

internal sealed class BotOptions
{
    /// <summary><c>[digits]:[secret]</c>, as in the bots' settings.</summary>
    [Required, RegularExpression(Telegram.Bots.Bot.TokenPattern)]
    public string Token { get; init; } = "";

    /// <summary>The name that people and pages use, without the @.</summary>
    [Required, RegularExpression(Telegram.Bots.Bot.UsernamePattern)]
    public string Username { get; init; } = "";

    /// <summary>Display name; default: the username.</summary>
    [StringLength(64)]
    public string? Name { get; init; }
}

/// <summary>Sending limits beyond which calls get 429. 0, the default, means no limit.</summary>
internal sealed class LimitOptions
{
    /// <summary>Messages per second to one chat. Telegram: 1.</summary>
    [Range(0, 1000)]
    public int PerChat { get; init; }

    /// <summary>Messages per second of one bot. Telegram: 30.</summary>
    [Range(0, 1000)]
    public int PerBot { get; init; }
}
