using Spectre.Console;

namespace Platform.Ops.Terminal;

/// <summary>Progress of each service: a bar on a terminal, lines elsewhere.</summary>
internal sealed class Bars
{
    private readonly Screen _screen;
    private readonly Dictionary<string, ProgressTask> _tasks;
    private readonly int _width;

    private Bars(Screen screen, IReadOnlyList<string> services, ProgressContext? context)
    {
        _screen = screen;
        _width = services.Max(service => service.Length);
        _tasks = context is null ? [] : services.ToDictionary(service => service, service => context.AddTask(service, autoStart: false));
    }

    public static async Task<T> Follow<T>(Screen screen, IReadOnlyList<string> services, Func<Bars, Task<T>> work) => screen.Redraws
        ? await screen.ProgressConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
            .StartAsync(context => work(new Bars(screen, services, context)))
        : await work(new Bars(screen, services, context: null));

    /// <param name="steps">How many steps <see cref="Advance"/> will report; null if unknown.</param>
    public void Begin(string service, int? steps)
    {
        if (_tasks.TryGetValue(service, out var task))
        {
            task.IsIndeterminate = steps is null or 0;
            task.MaxValue = steps is null or 0 ? 1 : steps.Value;
            task.StartTask();
        }
    }

    /// <param name="isStep">Whether a step was completed.</param>
    public void Advance(string service, string what, bool isStep)
    {
        if (!_tasks.TryGetValue(service, out var task))
        {
            _screen.Say($"{service.PadRight(_width)}  {what}");
            return;
        }

        task.Description = $"{Markup.Escape(service)} [grey]{Markup.Escape(what)}[/]";
        if (isStep)
        {
            task.Increment(1);
        }
    }

    public void End(string service, string outcome, long milliseconds)
    {
        if (!_tasks.TryGetValue(service, out var task))
        {
            _screen.Say($"{service.PadRight(_width)}  {outcome} ({Screen.Seconds(milliseconds)})");
            return;
        }

        task.Description = $"{Markup.Escape(service)} [grey]{outcome}[/]";
        task.IsIndeterminate = false;
        task.Value = task.MaxValue;
        task.StopTask();
    }
}
