namespace JobCloud.Protocol.Environments;

/// <summary>Validates an environment or a volume.</summary>
public static class DefinitionCheck
{
    private const string OwnVariables = "JOBCLOUD_";

    // Kernel file systems, which every job needs unchanged.
    private static readonly string[] Reserved = ["/proc", "/dev", "/sys"];

    /// <summary>One sentence per problem; empty: the definition is valid.</summary>
    public static IReadOnlyList<string> Problems(Definition definition, DefinitionLimits limits) =>
        definition.WhatCase switch
        {
            Definition.WhatOneofCase.Environment =>
            [
                .. NameProblems(definition, limits),
                .. EnvironmentProblems(definition.Environment),
            ],
            Definition.WhatOneofCase.Volume =>
            [
                .. NameProblems(definition, limits),
                .. VolumeProblems(definition.Volume),
            ],
            _ => ["The definition is neither an environment nor a volume."],
        };

    /// <summary>The problem of a path; null: it is absolute and normalized.</summary>
    public static string? OfPath(string what, string path)
    {
        if (path.Length == 0 || path[0] != '/')
            return $"The {what} '{path}' is not absolute; start it with /.";
        if (path.Any(char.IsControl))
            return $"The {what} contains a control character; remove it.";
        if (path == "/")
            return $"The {what} cannot be /; name a directory below it.";
        return path[1..].Split('/').Any(part => part is "" or "." or "..")
            ? $"The {what} '{path}' contains an empty part, '.' or '..'; remove it."
            : null;
    }

    private static IEnumerable<string> NameProblems(Definition definition, DefinitionLimits limits)
    {
        var name = Definitions.NameOf(definition);
        var word = Definitions.KindName(Definitions.KindOf(definition));
        if (name.Length == 0 || name.Length > limits.NameLength || !IsName(name))
        {
            var article = word[0] is 'e' ? "an" : "a";
            yield return $"'{name}' cannot name {article} {word}; use 1 to {limits.NameLength} "
                + "letters, digits, '-' and '_', starting with a letter or digit.";
        }
        if (definition.CalculateSize() is var size && size > limits.Bytes)
            yield return $"The {word} '{name}' has {size} bytes; the limit is {limits.Bytes}.";
    }

    private static bool IsName(string name) =>
        char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static IEnumerable<string> EnvironmentProblems(EnvironmentDefinition environment)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variable in environment.Variables)
        {
            if (variable.Name.Length == 0 || variable.Name.AsSpan().ContainsAny('=', '\0'))
                yield return $"'{variable.Name}' is not a valid variable name.";
            else if (variable.Name.StartsWith(OwnVariables, StringComparison.Ordinal))
                yield return $"The variable name '{variable.Name}' is reserved; choose another name.";
            else if (!names.Add(variable.Name))
                yield return $"The variable '{variable.Name}' is set twice; set it once.";
            if (variable.Value.Contains('\0'))
                yield return $"The variable '{variable.Name}' contains a NUL character; remove it.";
        }
        foreach (var directory in environment.Path)
        {
            if (OfPath("directory of PATH", directory) is { } problem)
                yield return problem;
            else if (directory.Contains(':'))
                yield return $"The directory of PATH '{directory}' contains a colon; give each one separately.";
        }
        if (environment.Setup.Contains('\0'))
            yield return "The setup line contains a NUL character; remove it.";
        if (environment.Root.Length > 0 && OfPath("root", environment.Root) is { } wrong)
            yield return wrong;
        if (environment is { ReadOnly: true, Root: "" })
            yield return "Only a root can be read-only; name a root or omit read-only.";
    }

    private static IEnumerable<string> VolumeProblems(VolumeDefinition volume)
    {
        if (OfPath("directory", volume.Directory) is { } directory)
            yield return directory;
        if (OfPath("mount path", volume.MountPath) is { } path)
            yield return path;
        else if (Reserved.Any(own => IsWithin(volume.MountPath, own)))
            yield return $"The mount path '{volume.MountPath}' is reserved for the kernel; choose another.";
    }

    /// <summary>Whether a path is this directory or below it.</summary>
    public static bool IsWithin(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal)
        && (path.Length == directory.Length || path[directory.Length] == '/');
}
