// What the scripts find in the page: Plotly, Dash's own functions, and elements behind events.

interface Window {
  Plotly: any;
  dash_clientside: any;
}

// Every event that the scripts listen to comes from an element of the page.
interface EventTarget extends Partial<Pick<HTMLInputElement, "tagName" | "type" | "files" | "id">> {
  value?: any;
  closest?(selector: string): any;
  contains?(other: any): boolean;
}

interface ParentNode {
  querySelector(selector: string): any;
  querySelectorAll(selector: string): NodeListOf<any>;
}
