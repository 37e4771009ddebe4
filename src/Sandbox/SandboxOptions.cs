using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Sandbox;

/// <summary>Settings of the section <c>Sandbox</c>.</summary>
internal sealed class SandboxOptions
{
    public const string Section = "Sandbox";

    /// <summary>The bots that exist from the start. More can be added later: <c>POST /control/bots</c>.</summary>
    [ValidateEnumeratedItems]
    public IReadOnlyList<BotOptions> Bots { get; init; } = [];

    /// <summary>Port on which mail is taken, on loopback; 0, as by default, is none.</summary>
    [Range(0, 65_535)]
    public int MailPort { get; init; }

    /// <summary>Names by which browsers reach it, other than localhost, addresses and names without a dot.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    [ValidateObjectMembers]
    public LimitOptions Limits { get; init; } = new();
}

internal sealed class BotOptions
{
    /// <summary>As the bot's own setting has it: <c>[digits]:[secret]</c>.</summary>
    [Required, RegularExpression(Telegram.Bots.Bot.TokenPattern)]
    public string Token { get; init; } = "";

    /// <summary>By which people and pages call it, without the @.</summary>
    [Required, RegularExpression(Telegram.Bots.Bot.UsernamePattern)]
    public string Username { get; init; } = "";

    /// <summary>The username, unless set.</summary>
    [StringLength(64)]
    public string? Name { get; init; }
}

/// <summary>How much may be sent before the answer is 429. Zero, as everywhere by default, is no limit.</summary>
internal sealed class LimitOptions
{
    /// <summary>Messages a second to one chat. Telegram: 1.</summary>
    [Range(0, 1000)]
    public int PerChat { get; init; }

    /// <summary>Messages a second of one bot. Telegram: 30.</summary>
    [Range(0, 1000)]
    public int PerBot { get; init; }
}
