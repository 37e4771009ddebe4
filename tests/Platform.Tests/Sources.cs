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

    /// <summary>C# files in some folders of the repository, with paths from its root.</summary>
    public static IReadOnlyList<SourceFile> In(params string[] folders) =>
    [
        .. from folder in folders
           from path in Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
           let name = Path.GetRelativePath(Repository.Root, path)
           where !name.Split('/').Any(part => part is "bin" or "obj")
           select new SourceFile(name, File.ReadAllText(path)),
    ];
}

internal sealed record SourceFile(string Path, string Text)
{
    public IEnumerable<(int Number, string Text)> Lines => Text.Split('\n').Select((line, index) => (index + 1, line));
}
