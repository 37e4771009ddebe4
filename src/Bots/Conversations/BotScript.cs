using Platform.Bots.Texts;

namespace Platform.Bots.Conversations;

/// <summary>Handles one update of one chat. It may run again for the same update, after a crash or when the person tries again.</summary>
internal delegate Task Handler(Turn turn, CancellationToken ct);

/// <summary>What a bot understands, as a table: commands, menu items, buttons, and answers to its questions.</summary>
/// <param name="bot">One of <see cref="Platform.Contracts.Bots.BotNames"/>.</param>
internal sealed class BotScript(string bot)
{
    private readonly Dictionary<string, Handler> _routes = [];
    private readonly Dictionary<string, string> _stepOfButton = [];
    private readonly List<(string Word, string Description)> _commands = [];
    private readonly List<string> _menu = [];
    private Handler? _fallback;
    private Handler? _forbidden;

    public string Bot => bot;

    public IReadOnlyList<(string Word, string Description)> Commands => _commands;

    /// <summary>Runs when the gateway answers <c>forbidden</c>.</summary>
    public Handler ForbiddenHandler => _forbidden!;

    /// <param name="word">Without the slash.</param>
    /// <param name="description">Text key, shown in Telegram's list of commands.</param>
    public BotScript Command(string word, string description, Handler handler)
    {
        _commands.Add((word, description));
        _routes.Add($"/{word}", handler);
        return this;
    }

    /// <param name="label">Text key. Pressing the item sends its text, in the language it was shown in.</param>
    public BotScript MenuItem(string label, Handler handler)
    {
        _menu.Add(label);
        _routes.Add(label, handler);
        return this;
    }

    /// <param name="name">Start of the button's data; a colon and an argument may follow.</param>
    /// <param name="answers">The step that the button answers; at any other step it is outdated. Null when it always works.</param>
    public BotScript Button(string name, Handler handler, string? answers = null)
    {
        _routes.Add(RouteOf(name), handler);
        if (answers is not null)
        {
            _stepOfButton.Add(name, answers);
        }

        return this;
    }

    /// <summary>A message in answer to the question <paramref name="step"/>.</summary>
    public BotScript Answer(string step, Handler handler)
    {
        _routes.Add(step, handler);
        return this;
    }

    /// <summary>For people whose call the gateway forbids: they have not registered, or are not staff.</summary>
    public BotScript Forbidden(Handler handler)
    {
        _forbidden = handler;
        return this;
    }

    public BotScript Fallback(Handler handler)
    {
        _fallback = handler;
        return this;
    }

    /// <returns>The route that matches the input at this point of the conversation; null when none does.</returns>
    public string? Find(UserInput input, Chat chat)
    {
        if (input.Button is { } button)
        {
            var outdated = _stepOfButton.TryGetValue(button, out var step) && (chat.Step != step || chat.QuestionId != input.PressedMessage);
            return outdated || !_routes.ContainsKey(RouteOf(button)) ? null : RouteOf(button);
        }

        if (input.Command is { } command)
        {
            return _routes.ContainsKey(command) ? command : null;
        }

        return _menu.FirstOrDefault(label => input.Text is { } text && BotText.Is(label, text))
            ?? (chat.Step is { } awaited && _routes.ContainsKey(awaited) ? awaited : null);
    }

    // A draft may hold a route of an earlier release.
    public Handler HandlerOf(string? route) => route is not null && _routes.TryGetValue(route, out var handler) ? handler : _fallback!;

    // A question and the buttons that answer it may share a name.
    private static string RouteOf(string button) => $"[{button}]";
}
