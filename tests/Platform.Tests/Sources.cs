using Platform.Contracts;
using Platform.Testing;

namespace Platform.Tests;

/// <summary>The source files, for rules that read them.</summary>
internal static class Sources
{
    /// <summary>Every project under <c>src</c>.</summary>
    public static IReadOnlyList<string> Projects { get; } =
        [.. Directory.GetDirectories(Repository.PathOf("src")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Services { get; } = [.. PlatformService.All.Select(service => service.Project)];

    /// <summary>The schemas of the services that have one.</summary>
    public static IReadOnlyList<string> Schemas { get; } = [.. PlatformService.All.Where(service => service.HasSchema).Select(service => service.Name)];

    /// <summary>Every C# file of the repository.</summary>
    public static IReadOnlyList<SourceFile> AllCode { get; } = In(Folders());

    /// <summary>Every Markdown file of the repository.</summary>
    public static IReadOnlyList<SourceFile> AllPages { get; } =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md").Select(Read),
        .. Files("*.md", Folders()),
    ];

    /// <summary>C# files in some folders of the repository, with paths from its root.</summary>
    public static IReadOnlyList<SourceFile> In(params string[] folders) => [.. Files("*.cs", folders)];

    /// <summary>SQL functions in some folders of the repository, with paths from its root.</summary>
    public static IReadOnlyList<SourceFile> SqlIn(params string[] folders) => [.. Files("*.sql", folders)];

    private static string[] Folders() =>
        [.. Directory.GetDirectories(Repository.Root).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.' && name != "artifacts")];

    private static IEnumerable<SourceFile> Files(string pattern, string[] folders) =>
        from folder in folders
        from path in Directory.EnumerateFiles(Repository.PathOf(folder), pattern, SearchOption.AllDirectories)
        let file = Read(path)
        where !file.Path.Split('/').Any(part => part is "bin" or "obj")
        select file;

    private static SourceFile Read(string path) => new(Path.GetRelativePath(Repository.Root, path), File.ReadAllText(path));
}

internal sealed record SourceFile(string Path, string Text)
{
    public IEnumerable<(int Number, string Text)> Lines => Text.Split('\n').Select((line, index) => (index + 1, line));

    /// <summary>The lines of a page that are not in a code block.</summary>
    public IEnumerable<(int Number, string Text)> Prose
    {
        get
        {
            var inCode = false;
            foreach (var line in Lines)
            {
                if (line.Text.TrimStart().StartsWith("```", StringComparison.Ordinal))
                {
                    inCode = !inCode;
                }
                else if (!inCode)
                {
                    yield return line;
                }
            }
        }
    }
}
