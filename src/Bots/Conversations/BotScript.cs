using Platform.Bots.Texts;

namespace Platform.Bots.Conversations;

/// <summary>Handles one update of one chat. It may run again for the same update, after a crash or when the person tries again.</summary>
internal delegate Task Handler(Turn turn, CancellationToken ct);

/// <summary>
/// What a bot understands, as a table: commands, items of its menu, buttons under its messages, and answers to its questions.
/// </summary>
/// <param name="bot">One of <see cref="Platform.Contracts.Bots.BotNames"/>.</param>
internal sealed class BotScript(string bot)
{
    private readonly Dictionary<string, Handler> _routes = [];
    private readonly Dictionary<string, string> _stepOfButton = [];
    private readonly List<(string Word, string Description)> _commands = [];
    private readonly List<string> _menu = [];
    private Handler? _otherwise;
    private Handler? _stranger;

    public string Bot => bot;

    /// <summary>Words without the slash, each with the key of its description.</summary>
    public IReadOnlyList<(string Word, string Description)> Commands => _commands;

    /// <param name="word">Without the slash.</param>
    /// <param name="description">Key of the text that the list of commands shows.</param>
    public BotScript Command(string word, string description, Handler handler)
    {
        _commands.Add((word, description));
        _routes.Add($"/{word}", handler);
        return this;
    }

    /// <param name="label">Key of the item's text: a press sends the text itself, in whatever language it was shown.</param>
    public BotScript MenuItem(string label, Handler handler)
    {
        _menu.Add(label);
        _routes.Add(label, handler);
        return this;
    }

    /// <param name="name">What the button's data begins with; a colon and an argument may follow.</param>
    /// <param name="answers">The step that it answers: pressed at any other time, it is from earlier. Null when it is good at any time.</param>
    public BotScript Button(string name, Handler handler, string? answers = null)
    {
        _routes.Add(RouteOf(name), handler);
        if (answers is not null)
        {
            _stepOfButton.Add(name, answers);
        }

        return this;
    }

    /// <summary>What a person writes, or sends, in answer to the question <paramref name="step"/>.</summary>
    public BotScript Answer(string step, Handler handler)
    {
        _routes.Add(step, handler);
        return this;
    }

    /// <summary>For whatever nothing else understands.</summary>
    public BotScript Otherwise(Handler handler)
    {
        _otherwise = handler;
        return this;
    }

    /// <summary>For whoever the gateway refuses what he asked for because he is not (yet) who may ask for it.</summary>
    public BotScript Stranger(Handler handler)
    {
        _stranger = handler;
        return this;
    }

    public Handler OfStranger => _stranger!;

    /// <summary>Name of the route that understands this update; null when none does.</summary>
    public string? Find(Turn turn)
    {
        if (turn.Button is { } button)
        {
            var outdated = _stepOfButton.TryGetValue(button, out var step) && (turn.Chat.Step != step || turn.Chat.QuestionId != turn.PressedOn);
            return outdated || !_routes.ContainsKey(RouteOf(button)) ? null : RouteOf(button);
        }

        if (turn.Command is { } command)
        {
            return _routes.ContainsKey(command) ? command : null;
        }

        return _menu.FirstOrDefault(label => turn.Text is { } text && BotText.Is(label, text))
            ?? (turn.Chat.Step is { } awaited && _routes.ContainsKey(awaited) ? awaited : null);
    }

    public Handler Of(string? route) => route is null ? _otherwise! : _routes[route];

    // A question and the buttons that answer it may have one name: what is typed is not what is pressed.
    private static string RouteOf(string button) => $"[{button}]";
}
