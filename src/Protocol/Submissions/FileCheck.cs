using Google.Protobuf;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;
using static JobCloud.Protocol.Submissions.SubmissionCheck;

namespace JobCloud.Protocol.Submissions;

/// <summary>Checks that the files to send can be stored together in a job's directory.</summary>
internal static class FileCheck
{
    public static IEnumerable<Refusal> Problems(
        SubmitRequest request,
        JobSpec spec,
        SubmissionLimits limits
    )
    {
        var total = spec.HasStdin ? (long)spec.Stdin.Length : 0;
        var byName = new Dictionary<string, (string Parameter, ByteString Content)>();
        foreach (var column in request.Columns)
        {
            if (column.List is { } list && !IndexesAscend(list))
            {
                yield return Usage($"The files of the parameter '{column.Name}' are out of order.");
                yield break;
            }
        }
        foreach (var (parameter, name, content) in Files(request, spec))
        {
            total += content.Length;
            if (!IsFileName(name))
                yield return Usage(
                    $"'{name}' of the parameter '{parameter}' is not a valid file name."
                );
            else if (!byName.TryAdd(name, (parameter, content)) && Clash(byName[name]))
                yield return Usage($"Two different files are named '{name}'; rename one.");

            bool Clash((string Parameter, ByteString Content) other) =>
                other.Parameter != parameter && !other.Content.Equals(content);
        }
        if (total > limits.FileBytes)
        {
            yield return TooLarge(
                $"The files to send have {Sizes.Print(total)}; send at most "
                    + $"{Sizes.Print(limits.FileBytes)} and put the rest on a volume."
            );
        }
    }

    private static IEnumerable<(string Parameter, string Name, ByteString Content)> Files(
        SubmitRequest request,
        JobSpec spec
    )
    {
        foreach (var parameter in spec.Data.Where(p => p.HasFile))
            yield return (parameter.Name, parameter.Value, parameter.File);
        foreach (var column in request.Columns)
        {
            foreach (var file in column.List?.Files ?? [])
                yield return (column.Name, column.List!.Values[file.Index], file.Content);
        }
    }

    // The lookup of an element's file relies on this order.
    private static bool IndexesAscend(ValueList list)
    {
        var previous = -1;
        foreach (var file in list.Files)
        {
            if (file.Index <= previous || file.Index >= list.Values.Count)
                return false;
            previous = file.Index;
        }
        return true;
    }

    private static bool IsFileName(string name) =>
        name.Length > 0 && name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '\0');
}
