using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Platform.Ops.Terminal;

/// <summary>Answers on standard output, as text for people or one JSON document for scripts; progress and errors on standard error.</summary>
internal sealed class Screen
{
    /// <summary>Width for files and pipes, which have none.</summary>
    private const int RedirectedWidth = 160;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Printed to a terminal or a script, never into a page: names stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TextWriter _output = Console.Out;
    private readonly TextWriter _errors = Console.Error;
    private readonly IAnsiConsole _answers = Open(Console.Out, Console.IsOutputRedirected);

    public Screen(bool json) => Json = json;

    public bool Json { get; }

    /// <summary>Standard error, for progress bars.</summary>
    public IAnsiConsole ProgressConsole { get; } = Open(Console.Error, Console.IsErrorRedirected);

    /// <summary>Whether progress bars can be redrawn.</summary>
    public bool Redraws => ProgressConsole.Profile.Capabilities is { Ansi: true, Interactive: true };

    public static Table Table(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)).NoWrap());
        }

        // The last column is prose.
        table.Columns[^1].NoWrap = false;
        return table;
    }

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Seconds(long milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000m:0.0} s");

    /// <summary>Part of the answer for people.</summary>
    public void Show(IRenderable part)
    {
        if (!Json)
        {
            _answers.Write(part);
        }
    }

    /// <summary>A line of the answer for people, neither wrapped nor coloured, so it can be piped.</summary>
    public void Show(string line)
    {
        if (!Json)
        {
            _output.WriteLine(line);
        }
    }

    /// <summary>A question on the terminal.</summary>
    public void Ask(string question) => _errors.Write(question);

    /// <summary>A line for people that is not part of the answer.</summary>
    public void Say(string line) => _errors.WriteLine(line);

    /// <summary>The answer for scripts.</summary>
    /// <returns><paramref name="code"/>.</returns>
    public int End(int code, object document)
    {
        if (Json)
        {
            _output.WriteLine(JsonSerializer.Serialize(document, Options));
        }

        return code;
    }

    /// <summary>Ends with an error instead of an answer.</summary>
    /// <returns><paramref name="code"/>.</returns>
    public int Refuse(int code, string error)
    {
        Say(error);
        return End(code, new { outcome = ExitCodes.NameOf(code), error });
    }

    private static IAnsiConsole Open(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
        {
            console.Profile.Width = RedirectedWidth;
            console.Profile.Capabilities.Unicode = true;
        }

        return console;
    }
}
