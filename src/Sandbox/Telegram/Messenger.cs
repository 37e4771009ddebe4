using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Sandbox.Telegram.BotApi;
using Platform.Sandbox.Telegram.Bots;
using Platform.Sandbox.Telegram.Chats;
using Platform.Sandbox.Telegram.Files;
using Platform.Sandbox.Telegram.People;

namespace Platform.Sandbox.Telegram;

/// <summary>The whole state: bots, people, chats and files. Kept in memory only.</summary>
internal sealed class Messenger
{
    /// <summary>How long a bot may take to answer a button.</summary>
    private static readonly TimeSpan QueryLifetime = TimeSpan.FromSeconds(60);

    private static readonly DateTimeOffset FirstDay = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Added people are numbered from here.</summary>
    private const long FirstAddedPerson = 7_300_000_000;

    private readonly TimeProvider _clock;
    // Seconds since FirstDay: ids that continue from it are unique even across restarts.
    private readonly int _firstId;
    private readonly List<Bot> _bots = [];
    private readonly List<Person> _people = [.. Person.AtStart];
    private readonly Dictionary<(TelegramId Bot, TelegramId Person), Chat> _chats = [];
    private readonly Dictionary<string, CallbackQuery> _queries = [];
    private long _lastPersonId;

    public Messenger(TimeProvider clock, IOptions<SandboxOptions> options)
    {
        _clock = clock;
        _firstId = (int)(clock.GetUtcNow() - FirstDay).TotalSeconds;
        _lastPersonId = FirstAddedPerson + _firstId;
        foreach (var bot in options.Value.Bots)
        {
            if (AddBot(bot.Token, bot.Username, bot.Name) is null)
            {
                throw new OptionsValidationException(
                    SandboxOptions.Section, typeof(SandboxOptions),
                    [$"{SandboxOptions.Section}:Bots: another bot already has the username or the number of {bot.Username}."]);
            }
        }
    }

    /// <summary>Held while anything in here, including chats and bots, is read or changed. One lock is enough for one developer.</summary>
    public Lock Lock { get; } = new();

    public DateTimeOffset Now => _clock.GetUtcNow();

    public IReadOnlyList<Bot> Bots => _bots;

    public IReadOnlyList<Person> People => _people;

    public SharedFiles Files { get; } = new();

    public Bot? FindBotByToken(string token) => _bots.Find(bot => bot.Token == token);

    public Bot? FindBot(string username) => _bots.Find(bot => bot.Username.Equals(username.TrimStart('@'), StringComparison.OrdinalIgnoreCase));

    /// <returns>Null if another bot has the name or the number.</returns>
    public Bot? AddBot(string token, string username, string? name)
    {
        var bot = new Bot(token, username, name, _firstId);
        if (FindBot(username) is not null || _bots.Exists(other => other.Id == bot.Id))
        {
            return null;
        }

        _bots.Add(bot);
        return bot;
    }

    public Person? FindPerson(TelegramId id) => _people.Find(person => person.Id == id);

    /// <param name="create">Creates the person for their id.</param>
    /// <param name="id">Null for the next free id.</param>
    /// <returns>Null if the id is taken.</returns>
    public Person? AddPerson(TelegramId? id, Func<TelegramId, Person> create)
    {
        var person = create(id ?? new TelegramId(++_lastPersonId));
        if (FindPerson(person.Id) is not null)
        {
            return null;
        }

        _people.Add(person);
        return person;
    }

    /// <summary>The chat of a bot and a person, created on first use.</summary>
    public Chat ChatOf(Bot bot, Person person) =>
        _chats.TryGetValue((bot.Id, person.Id), out var chat) ? chat : _chats[(bot.Id, person.Id)] = new Chat(bot, person);

    public IEnumerable<Chat> ChatsOf(Bot bot) => _chats.Values.Where(chat => chat.Bot == bot);

    /// <summary>The person presses a button, and the bot gets an update.</summary>
    public CallbackQuery Press(Chat chat, Message message, string data)
    {
        foreach (var (id, old) in _queries)
        {
            if (Now - old.At > QueryLifetime)
            {
                _queries.Remove(id);
            }
        }

        var query = new CallbackQuery(
            RandomNumberGenerator.GetInt32(int.MaxValue).ToString(CultureInfo.InvariantCulture) + RandomNumberGenerator.GetString("0123456789", 9), chat, Now);
        _queries[query.Id] = query;
        chat.Bot.Updates.Add(new WireUpdate
        {
            CallbackQuery = new WireCallbackQuery(query.Id, Wire.Of(chat.Person), Wire.Of(chat, message), $"{chat.Bot.Id}{chat.Person.Id}", data),
        });
        return query;
    }

    /// <returns>False if the query has expired or never existed.</returns>
    public bool TryFindQuery(Bot bot, string id, [NotNullWhen(true)] out CallbackQuery? query) =>
        _queries.TryGetValue(id, out query) && query.Chat.Bot == bot && Now - query.At <= QueryLifetime;

    /// <summary>Resets everything except the bots and their settings, which they would not send again.</summary>
    public void Reset()
    {
        _people.Clear();
        _people.AddRange(Person.AtStart);
        _queries.Clear();
        Files.Clear();
        foreach (var bot in _bots)
        {
            bot.Updates.Clear();
        }

        foreach (var chat in _chats.Values)
        {
            chat.Reset();
        }
    }
}
