using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Platform.Ops.Terminal;

/// <summary>
/// Where a command writes: its answer on standard output, as tables and text for people or as one JSON document for scripts;
/// what happens meanwhile, and why it failed, on standard error.
/// </summary>
internal sealed class Screen
{
    /// <summary>In a file or a pipe, where no terminal says how wide it is.</summary>
    private const int WidthElsewhere = 160;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // It goes to a terminal or a script, never into a page: names stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TextWriter _output = Console.Out;
    private readonly TextWriter _errors = Console.Error;
    private readonly IAnsiConsole _answers = Open(Console.Out, Console.IsOutputRedirected);

    public Screen(bool json) => Json = json;

    public bool Json { get; }

    /// <summary>Standard error, which also bars may be drawn on.</summary>
    public IAnsiConsole Meanwhile { get; } = Open(Console.Error, Console.IsErrorRedirected);

    /// <summary>Whether bars can be drawn and redrawn there.</summary>
    public bool Redraws => Meanwhile.Profile.Capabilities is { Ansi: true, Interactive: true };

    public static Table Table(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)).NoWrap());
        }

        // The last one is prose.
        table.Columns[^1].NoWrap = false;
        return table;
    }

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Seconds(long milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000m:0.0} s");

    /// <summary>A part of the answer for people.</summary>
    public void Show(IRenderable part)
    {
        if (!Json)
        {
            _answers.Write(part);
        }
    }

    /// <summary>A line of the answer for people, as it is: nothing is wrapped or coloured, so that it can be piped into another program.</summary>
    public void Show(string line)
    {
        if (!Json)
        {
            _output.WriteLine(line);
        }
    }

    /// <summary>A question to whoever is at the terminal.</summary>
    public void Ask(string question) => _errors.Write(question);

    /// <summary>A line for people that is no part of the answer.</summary>
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

    /// <summary>The end when there is no other answer than why there is none.</summary>
    /// <returns><paramref name="code"/>.</returns>
    public int Refuse(int code, string error)
    {
        Say(error);
        return End(code, new { outcome = ExitCode.NameOf(code), error });
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
            console.Profile.Width = WidthElsewhere;
            console.Profile.Capabilities.Unicode = true;
        }

        return console;
    }
}
