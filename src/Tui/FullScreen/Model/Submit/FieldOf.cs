using System.Globalization;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;
using static JobCloud.Tui.FullScreen.Model.Submit.FieldKind;

namespace JobCloud.Tui.FullScreen.Model.Submit;

/// <summary>The kinds of field there are.</summary>
internal static class FieldOf
{
    /// <summary>A field whose values all go somewhere.</summary>
    public static SubmitField Several(
        string option,
        string label,
        string help,
        Func<SubmitRequest, string, ReadFile, TextError?> put,
        Func<JobSpec, IEnumerable<string>> get
    ) => new(option, label, Many, help, put, get);

    /// <summary>A field that is a whole number.</summary>
    /// <param name="unset">The number of a job that was given none.</param>
    public static SubmitField Number(
        string option,
        string label,
        string help,
        int least,
        Action<JobSpec, int> put,
        Func<JobSpec, int> get,
        int unset
    ) =>
        new(
            option,
            label,
            Text,
            help,
            (r, text, _) => Take(Numbers.Parse(text, least), n => put(r.Spec, n)),
            s => get(s) == unset ? [] : [get(s).ToString(CultureInfo.InvariantCulture)]
        )
        {
            Default = unset.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>A field that is a text.</summary>
    public static SubmitField Words(
        string option,
        string label,
        string help,
        Action<JobSpec, string> put,
        Func<JobSpec, string> get
    ) =>
        new(
            option,
            label,
            Text,
            help,
            (r, text, _) =>
            {
                put(r.Spec, text);
                return null;
            },
            s => get(s).Length > 0 ? [get(s)] : []
        );

    /// <summary>A field that is a length of time.</summary>
    /// <param name="bare">The unit of a number without one.</param>
    public static SubmitField Time(
        string option,
        string label,
        string help,
        TimeSpan bare,
        Action<JobSpec, long> put,
        Func<JobSpec, long> get
    ) =>
        new(
            option,
            label,
            Text,
            help,
            (r, text, _) =>
                Take(Durations.Parse(text, bare), t => put(r.Spec, (long)t.TotalMilliseconds)),
            s => get(s) > 0 ? [Durations.Print(TimeSpan.FromMilliseconds(get(s)))] : []
        )
        {
            Default = "none",
        };

    /// <summary>A field that is on or off.</summary>
    public static SubmitField Flagged(
        string option,
        string label,
        string help,
        Action<JobSpec> put,
        Func<JobSpec, bool> get
    ) =>
        new(
            option,
            label,
            Flag,
            help,
            (r, _, _) =>
            {
                put(r.Spec);
                return null;
            },
            s => get(s) ? [SubmitField.On] : []
        );

    /// <summary>Puts what was read; what is wrong with it, or null.</summary>
    public static TextError? Take<T>(Parsed<T> parsed, Action<T> put)
    {
        if (parsed.Ok)
            put(parsed.Value);
        return parsed.Error;
    }
}
