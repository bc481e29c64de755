{let t=document.documentElement;t.classList.add("js");try{let e=localStorage.getItem("theme");!t.dataset.theme&&(e==="light"||e==="dark")&&(t.dataset.theme=e)}catch{}}
