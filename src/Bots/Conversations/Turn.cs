using Platform.Bots.Gateway;
using Platform.Bots.Storage;
using Platform.ServiceDefaults.Time;

namespace Platform.Bots.Conversations;

/// <summary>One turn of a conversation: what the person sent, and what a dialogue needs to answer it.</summary>
/// <param name="username">The bot's, without the @; null until Telegram has told it.</param>
internal sealed class Turn(
    UserInput input, Chat chat, ChatTexts texts, Reply reply, GatewayCalls gateway, BotsDb db, BusinessClock wall, DateTimeOffset now, string? username)
{
    public UserInput Input => input;

    public Chat Chat => chat;

    public ChatTexts Texts => texts;

    public Reply Reply => reply;

    /// <summary>Calls in the person's name.</summary>
    public GatewayCalls Gateway => gateway;

    /// <summary>Changes are saved together with the chat.</summary>
    public BotsDb Db => db;

    public DateTimeOffset Now => now;

    public BusinessClock Wall => wall;

    /// <summary>For links that open this bot.</summary>
    public string? Username => username;

    /// <summary>The line of the script that is being handled; null for the fallback.</summary>
    public string? Route { get; private set; }

    public string? Next { get; private set; }

    public void Enter(string? route) => (Route, Next) = (route, null);

    /// <summary>Runs another line of the script when this handler is done: what the person asked for before they had to register, say.</summary>
    public void ContinueWith(string route) => Next = route;
}
