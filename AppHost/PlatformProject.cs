namespace Platform.AppHost;

internal static class PlatformProject
{
    /// <summary>Starts a project from the build output beside the app host: Aspire's <c>dotnet run</c> costs a second process and half a minute.</summary>
    /// <param name="project">Folder name in <c>src</c>.</param>
    /// <param name="program">Assembly name, if it differs from the project's.</param>
    public static IResourceBuilder<ProjectResource> AddPlatformProject(
        this IDistributedApplicationBuilder builder, string name, string project, string? program = null)
    {
        // artifacts/bin/AppHost/release/, artifacts/bin/Users/release/Users.dll
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var folder = Path.GetFullPath(Path.Combine(here.FullName, "..", "..", project, here.Name));
        var source = Path.GetFullPath(Path.Combine("..", "src", project, $"{project}.csproj"), builder.AppHostDirectory);
        return builder.AddProject(name, source, launchProfileName: null)
            .WithAnnotation(new ExecutableAnnotation { Command = "dotnet", WorkingDirectory = folder })
            .WithArgs(Path.Combine(folder, $"{program ?? project}.dll"))
            // Without a launch profile the environment would default to production.
            .WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName)
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName);
    }
}
